"""What a finding is, and how two cases compare within their intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from tandem_reports.judging.tradeoff import against_itself, is_choice, work
from tandem_reports.records.record import Figure, Record


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence that the data of a run carry, the cases that it rests on, and a next step."""

    text: str
    cases: tuple[str, ...]
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.text} {self.advice}".strip()


@dataclass(frozen=True, slots=True)
class Found:
    """A run as a rule sees it: its records, and the machine that it ran on."""

    records: Sequence[Record]
    machine: Mapping[str, Any]

    @property
    def timed(self) -> list[Record]:
        return list(filter(is_choice, self.records))

    def pairs(self) -> Iterator[tuple[Record, Record]]:
        """Two cases that do the same work at the same batch size and were timed with the same reference."""
        for one, other in combinations(self.timed, 2):
            if place(one) == place(other):
                yield from ((one, other), (other, one))

    def series(self) -> Iterator[list[Record]]:
        """Cases that differ in their batch size alone, from the smallest on; at least two of them."""
        groups = dict[tuple[object, ...], list[Record]]()
        for each in self.timed:
            runtime = (each.device, each.backend, each.precision, each.compression, each.case.get("threads"))
            groups.setdefault((*runtime, *work(each)), []).append(each)
        for group in groups.values():
            if len(group) > 1:
                yield sorted(group, key=lambda each: each.batch)


def place(record: Record) -> tuple[object, ...]:
    """Equal for cases whose speedups can be compared."""
    return (
        record.batch,
        record.device,
        record.case.get("threads"),
        record.detail("reference"),
        *work(record),
    )


def ratio(record: Record) -> Figure | None:
    """The speedup; None if its interval is unknown or of one process alone, or if it is over itself."""
    found = record.figure("speedup")
    known = found and found.low is not None and found.high is not None and not against_itself(record)
    return found if known and record.detail("over") == "invocations" else None


def faster(one: Record, other: Record) -> float | None:
    """How many times as fast the first one is, if even the ends of the intervals say so."""
    first, second = ratio(one), ratio(other)
    if not first or not second or (first.low or 0.0) <= (second.high or 0.0):
        return None
    return first.value / second.value


def at_most(one: Record, other: Record) -> float | None:
    """How many times as fast the first one is at most, by the far ends of the intervals."""
    first, second = ratio(one), ratio(other)
    if not first or not second or not second.low:
        return None
    return (first.high or 0.0) / second.low


def ids(*records: Record) -> tuple[str, ...]:
    return tuple(record.id for record in records)
