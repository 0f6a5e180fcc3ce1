"""Comparison of two cases by the intervals of their speedups over the same reference."""

from __future__ import annotations

from tandem_reports.judging.tradeoff import work
from tandem_reports.records.record import Figure, Record

#: If others had the cores for more than this share of the time, a ratio describes them, not the case.
TAKEN = 0.5


def against_itself(record: Record) -> bool:
    """True if its speedup is over the same case on another side: then it compares with no other case."""
    return record.detail("other") is not None


def taken(record: Record) -> bool:
    """True if others had the cores for too long to tell how fast it is beside another case."""
    return (record.contention or 0.0) > TAKEN


def told_speedup(record: Record) -> Figure | None:
    """The speedup with an interval; None without one, and if others had the cores for too long."""
    found = record.figure("speedup")
    whole = found and found.low is not None and found.high is not None
    return found if whole and not taken(record) else None


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
    """The speedup; None if its interval is unknown or of one process alone, or if it is over itself.

    None too if others had the cores for too long: see ``taken``.
    """
    found = record.figure("speedup")
    known = found and found.low is not None and found.high is not None and not against_itself(record)
    return found if known and record.detail("over") == "invocations" and not taken(record) else None


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


def undecided(one: Record, other: Record) -> bool:
    """True if the two can be compared, and their intervals do not decide which one is faster."""
    known = place(one) == place(other) and ratio(one) and ratio(other)
    return bool(known) and faster(one, other) is None and faster(other, one) is None


def quicker(one: Record, other: Record) -> tuple[float, float] | None:
    """How many times as fast a call of the other one is, at least and at most.

    By the far ends of the intervals of their costs, which are in units of one yardstick.
    """
    if taken(one) or taken(other):
        return None
    first, second = one.figure("cost"), other.figure("cost")
    if not first or not second or None in (first.low, first.high, second.low, second.high):
        return None
    return (first.low or 0.0) / (second.high or 1.0), (first.high or 0.0) / (second.low or 1.0)
