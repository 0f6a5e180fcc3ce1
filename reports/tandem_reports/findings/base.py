"""Findings, and the run that rules look for them in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from tandem_reports.judging.budget import parts
from tandem_reports.judging.comparing import place
from tandem_reports.judging.curves import AXES
from tandem_reports.judging.tradeoff import is_choice
from tandem_reports.records.record import Record

#: A gain below this, at the far ends of the intervals, is none.
NO_GAIN = 1.1
#: What a finding rests on: even the far ends of the intervals say it, a single value of each case does, or
#: agreement refused a case.
INTERVALS, VALUES, AGREEMENT = "95 % intervals", "single values", "the rule of agreement"


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence that the data of a run carry, the cases that it rests on, and a next step."""

    text: str
    cases: tuple[str, ...]
    advice: str = ""
    confidence: str = INTERVALS

    def __str__(self) -> str:
        unsure = "(By single values, without an interval.)" if self.confidence == VALUES else ""
        return " ".join(filter(None, [self.text, self.advice, unsure]))


@dataclass(frozen=True, slots=True)
class Found:
    """A run as a rule sees it: its records, and the machine that it ran on."""

    records: Sequence[Record]
    machine: Mapping[str, Any]

    @property
    def timed(self) -> list[Record]:
        """Cases of the network alone."""
        return [each for each in self.records if is_choice(each) and not parts(each)]

    @property
    def requests(self) -> list[Record]:
        """Cases of whole requests, which have steps."""
        return [each for each in self.records if is_choice(each) and parts(each)]

    def pairs(self) -> Iterator[tuple[Record, Record]]:
        """Two cases that do the same work at the same batch size and were timed with the same reference."""
        places = dict[tuple[object, ...], list[Record]]()
        for each in self.timed:
            places.setdefault(place(each), []).append(each)
        for group in places.values():
            yield from permutations(group, 2)

    def series(self, records: Sequence[Record] = ()) -> Iterator[list[Record]]:
        """Cases that differ in their batch size alone, from the smallest on; at least two of them.

        They are of the network alone, or of these records.
        """
        for group in alike(records or self.timed, "batch"):
            yield sorted(group, key=lambda each: each.batch)


def alike(records: Iterable[Record], axis: str) -> Iterator[list[Record]]:
    """Cases that differ in one field of the case alone; at least two values of it."""
    groups = dict[str, dict[Any, Record]]()
    for each in records:
        others = {name: value for name, value in each.case.items() if name != axis}
        groups.setdefault(repr(sorted(others.items())), {})[each.case.get(axis)] = each
    yield from (list(group.values()) for group in groups.values() if len(group) > 1)


def subject(record: Record) -> str:
    """What runs in what, in words, without the batch size."""
    return ", ".join([f"{record.name} in {record.backend}", record.precision, *_around(record)])


def network(record: Record) -> str:
    """What runs, in words, for a sentence that names the runtime and the precision itself."""
    return ", ".join([record.name, *_around(record), f"batch {record.batch}"])


def _around(record: Record) -> list[str]:
    """Sizes, and the machine in a run over several."""
    own = {name: axis for name, axis in AXES.items() if name != "batch"}
    sizes = [axis.words(value) for name, axis in own.items() if (value := record.case.get(name))]
    return [*sizes, *([f"on {record.machine}"] if record.machine else [])]


def ids(*records: Record) -> tuple[str, ...]:
    return tuple(record.id for record in records)
