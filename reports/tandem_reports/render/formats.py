"""Formats of a stored run: one file each, made by a function of the run."""

from __future__ import annotations

from collections.abc import Callable

from tandem_reports.records.stored import Told
from tandem_reports.render import bencher, csv, github_benchmark, markdown, openmetrics

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
