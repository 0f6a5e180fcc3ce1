"""Formats of a stored run: one file each, made by a function of the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from tandem_reports.records import results
from tandem_reports.records.record import Record
from tandem_reports.records.results import DamagedRun
from tandem_reports.render import bencher, csv, github_benchmark, markdown, openmetrics


@dataclass(frozen=True, slots=True)
class Told:
    """The data of a run that a format receives."""

    records: Sequence[Record]
    environment: Mapping[str, Any]
    settings: Mapping[str, Any]
    #: Verdicts of the gate on each case, and on missing cases.
    verdicts: Sequence[Mapping[str, Any]] = ()


FORMATS: dict[str, Callable[[Told], str]] = {
    "bencher.json": lambda run: bencher.render(run.records),
    "github-action-benchmark.json": lambda run: github_benchmark.render(run.records),
    "metrics.txt": lambda run: openmetrics.render(run.records),
    "results.csv": lambda run: csv.render(run.records),
    "summary.md": lambda run: markdown.render(run.records, run.environment, run.settings, run.verdicts),
}


def render(run: Told) -> dict[str, str]:
    """Every format of a run, by the name of its file."""
    return {name: make(run) for name, make in FORMATS.items()}


def read(folder: Path) -> Told:
    """A stored run. Raises ``DamagedRun``."""
    document = results.read(folder)
    try:
        records = [Record.from_dict(values) for values in document["records"]]
    except msgspec.ValidationError as error:
        raise DamagedRun(f"{folder / results.RESULTS} is damaged: {error}") from error
    judged = [record.verdict for record in records if record.verdict]
    return Told(
        records, document["environment"], document["settings"], [*judged, *document.get("missing", ())]
    )
