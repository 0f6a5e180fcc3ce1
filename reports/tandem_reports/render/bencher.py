"""Records in the Bencher Metric Format, for services that track benchmarks over commits.

See "Bencher Metric Format" in Bencher's reference: a benchmark by its name, and in it a measure by its slug
with ``value`` and, if known, ``lower_value`` and ``upper_value``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from tandem_reports.records.record import Figure, Record


def render(records: Iterable[Record]) -> str:
    """JSON of all figures. A case that failed or was skipped has none."""
    found = {
        record.id: {
            slug(name, figure): measure(figure)
            for section in record.sections.values()
            for name, figure in section.figures.items()
        }
        for record in records
    }
    return json.dumps(found, indent=1)


def measure(figure: Figure) -> dict[str, float]:
    """The value and the ends of its interval."""
    ends = {"lower_value": figure.low, "upper_value": figure.high}
    return {"value": figure.value, **{name: value for name, value in ends.items() if value is not None}}


def slug(name: str, figure: Figure) -> str:
    """Name and unit in the letters of a slug: ``p50-s``, ``energy-j-per-sample``."""
    unit = figure.unit.lower().replace("1/", "per-").replace("/", "-per-")
    return "-".join(filter(None, [name.replace("_", "-"), unit]))
