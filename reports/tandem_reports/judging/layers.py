"""Two profiles of the same network side by side, by the modules that its operators come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tandem_reports.records.record import Record

#: Least share of the time whose modules both cases tell.
TOLD = 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """Seconds of a call that two cases spend in a part of the network."""

    part: str
    seconds: float
    other_s: float

    @property
    def more_s(self) -> float:
        return self.seconds - self.other_s


def pairs(records: Sequence[Record]) -> Iterator[tuple[Record, Record]]:
    """Each case that was to be set beside another one, with that one if it is of the same model."""
    known = {each.id: each for each in records if each.status == "ok"}
    for each in known.values():
        other = known.get(each.detail("diff", ""))
        if other and other is not each and other.model == each.model:
            yield each, other


def compared(record: Record, other: Record) -> list[Row]:
    """A row for each part of the network, that with the largest difference first.

    A part is a module with modules inside. Runtimes fuse what is in one: a convolution with the normalisation
    behind it. Operators of no such module are added up by their kind; all are if one of the two tells the
    module for less than ``TOLD`` of its time.
    """
    of_both = [*operators(record), *operators(other)]
    inner: set[str] | None = {path for each in of_both for path in parents(each.get("layer", ""))}
    if min(told(record), told(other)) < TOLD:
        inner = None
    mine, theirs = sums(operators(record), inner), sums(operators(other), inner)
    rows = (Row(part, mine.get(part, 0.0), theirs.get(part, 0.0)) for part in dict.fromkeys([*mine, *theirs]))
    return sorted(rows, key=lambda row: -abs(row.more_s))


def operators(record: Record) -> Sequence[Mapping[str, Any]]:
    """The operators of a call, the slowest first; none of a case that was not profiled."""
    found: Sequence[Mapping[str, Any]] = record.detail("operators", ())
    return found


def told(record: Record) -> float:
    """Share of the time of operators whose module is known."""
    known = sum(each["seconds"] for each in operators(record) if each.get("layer"))
    return float(known / (sum(each["seconds"] for each in operators(record)) or 1.0))


def sums(found: Iterable[Mapping[str, Any]], inner: set[str] | None) -> dict[str, float]:
    """Seconds by part of the network; ``inner`` are the modules with modules inside, None for kinds alone."""
    totals = dict[str, float]()
    for each in found:
        name = (inner is not None and part(each.get("layer", ""), inner)) or f"({each['kind']})"
        totals[name] = totals.get(name, 0.0) + each["seconds"]
    return totals


def part(layer: str, inner: set[str]) -> str:
    """The module itself if it has modules inside, else the one around it; empty at the top."""
    return layer if layer in inner else layer.rpartition(".")[0]


def parents(layer: str) -> Iterator[str]:
    while layer := layer.rpartition(".")[0]:
        yield layer
