"""Curves: cases that differ along one axis alone, and what a doubling brings there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tandem_reports.judging.comparing import quicker
from tandem_reports.judging.tradeoff import is_choice
from tandem_reports.records.record import Record

#: A doubling that brings less than this is not worth it.
KNEE = 0.1
#: From less of a doubling than this, nothing is told of a whole one.
FEWEST_DOUBLINGS = 0.4


@dataclass(frozen=True, slots=True)
class Axis:
    """A field of a case: its ``tag`` in ids, its name, and the number of cases that make a curve.

    ``power`` is that of a value in the work of a call on a sample: 2 for the side of an image.
    """

    tag: str
    name: str
    power: int = 0
    fewest: int = 2

    def words(self, value: int) -> str:
        return f"{value} {self.name.removesuffix('s') if value == 1 else self.name}"


#: By field. Most runs have two batch sizes, so two are no curve; the other axes exist only where asked for.
AXES = {
    "batch": Axis("b", "batch size", fewest=3),
    "threads": Axis("t", "threads"),
    "size": Axis("s", "tokens", power=1),
    "side": Axis("px", "pixels", power=2),
}


@dataclass(frozen=True, slots=True)
class Curve:
    """Cases in the order of their values on one axis; ``name`` is their id without it."""

    field: str
    name: str
    points: Sequence[Record]

    @property
    def axis(self) -> Axis:
        return AXES[self.field]

    def value(self, record: Record) -> int:
        return int(record.case[self.field])

    def work(self, record: Record) -> float:
        """Samples a second; along the size of a sample the tokens or pixels a second."""
        return (record.number("throughput") or 0.0) * float(self.value(record) ** self.axis.power)

    def knee(self) -> Record | None:
        """The first point from which on a doubling brings less than ``KNEE`` more work; None without any.

        It is compared with each later point, so that one slow point in between is no knee.
        """
        for one in self.points[:-1]:
            gains = (self.doubling(one, each, self.work(each) / self.work(one)) for each in self._after(one))
            if max(gains) < KNEE:
                return one
        return None

    def decided(self, knee: Record) -> bool:
        """True if even the far ends of the intervals say that a doubling brings that little from there."""
        return all(self._brings_little(knee, each) for each in self._after(knee))

    def _after(self, record: Record) -> Sequence[Record]:
        return self.points[self.points.index(record) + 1 :]

    def _brings_little(self, knee: Record, other: Record) -> bool:
        gain = quicker(knee, other)
        if gain is None:
            return False
        more = other.batch / knee.batch * (self.value(other) / self.value(knee)) ** self.axis.power
        return self.doubling(knee, other, more * gain[1]) < KNEE

    def doubling(self, one: Record, other: Record, ratio: float) -> float:
        """What a doubling brings, if the step from one point to another multiplies the work by ``ratio``."""
        steps = math.log2(self.value(other) / self.value(one))
        return float(ratio ** (1 / steps)) - 1

    def longer(self) -> float | None:
        """How many times as long a call takes for each doubling, from the first point to the last one.

        None if others held the cores of one of the two, or if they are too near to each other.
        """
        first, last = self.points[0], self.points[-1]
        steps = math.log2(self.value(last) / self.value(first))
        if self.contended or steps < FEWEST_DOUBLINGS:
            return None
        return float((self.time_s(last) / self.time_s(first)) ** (1 / steps))

    @property
    def contended(self) -> bool:
        """True if others held the cores of one of the points: nothing can be told of the curve then."""
        return any(each.contended for each in self.points)

    def time_s(self, record: Record) -> float:
        """Seconds of a call: the median if all points have enough calls for one, otherwise the mean."""
        medians = all(each.number("p50") is not None for each in self.points)
        return (record.number("p50") if medians else record.number("mean")) or math.nan


def curves(records: Iterable[Record], name: str) -> Iterator[Curve]:
    """The curves along one axis, in the order of the run."""
    groups = dict[str, dict[int, Record]]()
    for each in records:
        if is_choice(each) and each.case.get(name):
            others = {field: value for field, value in each.case.items() if field != name}
            group = groups.setdefault(repr((each.scenario, sorted(others.items()))), {})
            group[int(each.case[name])] = each
    for group in groups.values():
        if len(group) >= AXES[name].fewest:
            points = [group[value] for value in sorted(group)]
            yield Curve(name, series(points[0], name), points)


def series(record: Record, name: str) -> str:
    """The id of a case without its value on an axis."""
    before, _, after = record.id.partition("@")[0].rpartition(f"-{AXES[name].tag}{record.case[name]}-")
    return f"{before}-{after}"
