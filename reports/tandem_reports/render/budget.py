"""Table of budgets: a row for each case with steps."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from tandem_reports.judging.budget import parts, shares
from tandem_reports.numbers import scaled, shown
from tandem_reports.records.record import Record
from tandem_reports.render.grid import grid


def tables(records: Sequence[Record], style: str = "simple") -> list[str]:
    """A table for each question whose cases have steps."""
    asked = dict.fromkeys(record.scenario for record in records)
    found = (render([each for each in records if each.scenario == one], style) for one in asked)
    return [each for each in found if each]


def render(records: Sequence[Record], style: str = "simple") -> str:
    """The time of each step and its share; empty without a case that has steps."""
    budgets = [record for record in records if record.status == "ok" and shares(record)]
    names = in_order([list(parts(record)) for record in budgets])
    scale, unit = shown("s")
    rows = [
        [record.id, *(cell(record, name) for name in names), scaled(sum(parts(record).values()), scale)]
        for record in budgets
    ]
    headers = ["case", *(name if "::" in name else name.replace("_", " ") for name in names), f"sum {unit}"]
    return grid(rows, headers, style, ["left", *["right"] * (len(names) + 1)]) if rows else ""


def in_order(budgets: Sequence[Sequence[str]]) -> list[str]:
    """All names, those that come early in their budgets first."""
    places = dict[str, list[float]]()
    for names in budgets:
        for place, name in enumerate(names):
            places.setdefault(name, []).append(place / len(names))
    return sorted(places, key=lambda name: statistics.fmean(places[name]))


def cell(record: Record, name: str) -> str:
    """Milliseconds of a step, and its share."""
    found, (scale, _) = parts(record), shown("s")
    return f"{scaled(found[name], scale)}  {shares(record)[name]:3.0%}" if name in found else ""
