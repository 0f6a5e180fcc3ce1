"""Charts of a run: one definition each, drawn by the page and as pictures.

This room imports Altair: import it where a chart is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from tandem_reports.charts import (
    budget,
    cost,
    curves,
    judged,
    layers,
    loads,
    memory,
    operators,
    roof,
    speed,
    streams,
)
from tandem_reports.charts.base import Cases, Chart
from tandem_reports.judging.best import title
from tandem_reports.judging.curves import AXES
from tandem_reports.judging.tradeoff import is_choice, work
from tandem_reports.records.record import Record

#: Charts of the cases that a user can choose from, in the order in which a reader needs them.
OF_CASES: tuple[Callable[[Cases], Chart | None], ...] = (
    speed.speedups,
    budget.steps,
    speed.throughput,
    cost.exactness,
    cost.memory,
    roof.roofline,
)

#: Most cases of a scenario that have a chart of their own.
MOST = 12
#: Seconds of the calls of a case, by its id.
Calls = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Group:
    """Charts of one subject: the gate, a model, or a further question."""

    name: str
    title: str
    charts: Sequence[Chart]


def of_run(records: Sequence[Record], verdicts: Sequence[Mapping[str, Any]], calls: Calls) -> Iterator[Group]:
    """All charts of a run."""
    every = Cases.of(records)
    yield from group("gate", "The gate", [judged.changes(verdicts)])
    yield from group("load", "Under load", [loads.against_load(every), loads.lost(every)])
    yield from group("curves", "Curves", [curves.along(every, name) for name in AXES])
    timed = list(filter(is_choice, records))
    for number, one in enumerate(dict.fromkeys(map(work, timed)), 1):
        cases = [each for each in timed if work(each) == one]
        yield from group(f"model-{number}", title(cases[0]), of_model(every.only(cases), calls))
    others = [each for each in records if each.status == "ok" and not is_choice(each)]
    for name in dict.fromkeys(each.scenario for each in others):
        cases = [each for each in others if each.scenario == name]
        found = [judged.headlines(name, every.only(cases)), budget.steps(every.only(cases))]
        found.append(memory.over_calls(every.only(cases)))
        found += layers.beside(every.only(cases))
        found.append(streams.by_number(every.only(cases)))
        found += [streams.chosen(*each) for each in enumerate(cases[:MOST], 1)]
        found += [operators.of_case(number, each) for number, each in enumerate(cases[:MOST], 1)]
        yield from group(f"scenario-{name}", name.replace("_", " ").capitalize(), found)


def group(name: str, heading: str, found: Sequence[Chart | None]) -> Iterator[Group]:
    """The charts that there are, as one group; none without any."""
    if kept := list(filter(None, found)):
        yield Group(name, heading, kept)


def of_model(cases: Cases, calls: Calls) -> list[Chart | None]:
    """The charts of cases that do the same work."""
    found = [make(cases) for make in OF_CASES]
    by_batch = groupby(sorted(cases.records, key=lambda each: each.batch), key=lambda each: each.batch)
    return [*found, *(speed.distribution(calls, cases.only(list(some))) for _, some in by_batch)]
