"""Headline figures for ``benchmark-action/github-action-benchmark``, tool ``customSmallerIsBetter``.

Its README describes the format: a list of objects with ``name``, ``unit`` and ``value``, and optionally
``range`` and ``extra``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tandem_reports.records.record import LOWER, Record


def render(records: Iterable[Record]) -> str:
    """JSON of the headline of each scenario, as far as a lower value is better. Others are left out."""
    return json.dumps([entry for record in records for entry in entries(record)], indent=1)


def entries(record: Record) -> Iterable[dict[str, Any]]:
    for section in record.sections.values():
        figure = section.figures.get(section.headline)
        if figure is None or figure.better != LOWER:
            continue
        entry = {"name": record.id, "unit": figure.unit, "value": figure.value}
        if figure.low is not None and figure.high is not None:
            entry["range"] = f"{figure.low:.4g} – {figure.high:.4g}"
        if ratio := section.figures.get("speedup"):
            entry["extra"] = f"speedup {ratio.value:.2f}x over {record.detail('reference')}"
        yield entry
