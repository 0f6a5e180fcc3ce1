"""How many invocations would decide a case. Pure, like the gate."""

from __future__ import annotations

import math

from tandem_reports.records.verdict import INCONCLUSIVE, Verdict
from tandem_reports.statistics import t_quantile

#: Half an expected interval that is this many times as wide as the gate leaves no hope.
HOPELESS = 2.0
#: Fewest invocations that can show so: of fewer, one that was disturbed makes an interval of any width.
FEWEST = 6
#: Beyond this number of invocations, nobody waits.
MOST = 1000


def expected(half: float, count: int, later: float, known: float = 0.0) -> float:
    """Half the interval after ``later`` invocations, if it was ``half`` after ``count`` of them.

    ``known`` are the degrees of freedom that the interval has from elsewhere.
    """
    shrinks = t_quantile(0.975, math.ceil(later) - 1 + known) / t_quantile(0.975, count - 1 + known)
    return half * shrinks * math.sqrt(count / later)


def needed(half: float, count: int, gate: float, known: float = 0.0) -> int:
    """The number of invocations after which half the interval is the gate; ``MOST`` stands for more."""
    later = count
    while later < MOST and expected(half, count, later, known) > gate:
        later += max(1, later // 20)
    return min(later, MOST)


def half(verdict: Verdict) -> float | None:
    """Half the interval of a change, of logarithms; None if the change has no interval."""
    if verdict.low is None or verdict.high is None or not math.isfinite(verdict.high):
        return None
    return (math.log1p(verdict.high) - math.log1p(verdict.low)) / 2


def futile(verdict: Verdict, count: int, most: float, known: float = 0.0) -> bool:
    """True if ``most`` invocations would not decide a case that ``count`` do not."""
    width = half(verdict)
    if verdict.change is None or verdict.gate is None or width is None or most <= count or count < FEWEST:
        return False
    gate, left = math.log1p(verdict.gate), expected(width, count, most, known)
    return left > HOPELESS * gate and abs(math.log1p(verdict.change)) < left + gate


def advice(verdict: Verdict, count: int, known: float = 0.0) -> str:
    """A sentence on the number of invocations that would decide an undecided case; empty without one."""
    width = half(verdict)
    if verdict.kind != INCONCLUSIVE or verdict.final or width is None or verdict.gate is None or count == 1:
        return ""
    number = needed(width, count, math.log1p(verdict.gate), known)
    if number <= count:
        return ""
    return f"{'more than ' if number == MOST else 'some '}{number} invocations would decide it, not {count}"
