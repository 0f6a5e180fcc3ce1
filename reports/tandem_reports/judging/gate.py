"""The gate: turns records, a baseline and a policy into verdicts. Pure: it measures and reads nothing.

It judges the cost of a case in units of the yardstick, which ran in turn with it. It compares the
logarithm of the cost, one value for each invocation, between the baseline and this run.

Invocations of one run follow one another within a minute. Two runs may lie hours apart; a shared machine
is then in another state, which no yardstick shows in full. So the uncertainty of a change is never
smaller than the known spread between runs of the case. That is ``between``, from the saved runs. Where
they are few, a guess makes up for what they do not tell: half the spread between invocations. Two runs
alone have a third of a degree of freedom, and the interval would have no end.

``regressed`` needs two conditions. The whole 95 % interval of the change lies beyond the gate. And if
there were no change at all, a change this large would occur by chance with a probability below a part of
``ALARM``. The judged cases share that equally (Bonferroni), and the looks at a case share its part: see
``fraction``. So a whole run in which nothing has changed alarms with a probability of at most ``ALARM``,
however many cases it has and however often each was looked at before it was decided.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tandem_reports.judging import moderation
from tandem_reports.judging.comparability import (
    FEWEST_INVOCATIONS,
    drifted,
    held,
    incomparable,
    moved,
    too_few,
    undecidable,
    values,
)
from tandem_reports.records.record import HIGHER, Record
from tandem_reports.records.run import Run, changes, versions
from tandem_reports.records.verdict import (
    IMPROVED,
    INCOMPARABLE,
    INCONCLUSIVE,
    MISSING,
    NEW,
    OK,
    REGRESSED,
    Verdict,
)
from tandem_reports.statistics import Centre
from tandem_reports.variances import UNKNOWN, Variance

#: Verdicts that no further measuring would change.
DECIDED = (OK, IMPROVED, REGRESSED, NEW, INCOMPARABLE)
#: An alarm on fewer invocations does not end the measuring. Three of them follow in seconds, and what
#: disturbs the machine for so long may meet the same side in each.
CONFIRMED = 5
#: Largest probability of any alarm in a run in which nothing has changed.
ALARM = 0.05
NO_BASELINE = "no saved run is a baseline for it"
#: Beginning of the reason if runs differ more than their processes: further ones would not decide the case.
APART = "runs of it differ by"
#: From this number of invocations on, a case stays undecided because runs differ, not for want of values.
ENOUGH_INVOCATIONS = 12
#: Assumed spread between runs where few were saved, in units of the spread between invocations.
#: Measured on a shared machine in a noisy hour: 0.5 to 0.8 for steady runtimes, and more than 1 for eager.
UNKNOWN_SPREAD = 0.5
#: Least of that guess: runs of the steadiest runtime on a shared machine differed by 1.2 %.
LEAST_SPREAD = 0.01


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules of judging. ``gate`` is the tolerated slowdown, as a share of the baseline's time."""

    gate: float = 0.05
    #: Number of cases that are judged together.
    suite: int = 1
    #: True if undecided and incomparable cases fail too.
    strict: bool = False

    def fails(self, verdict: Verdict) -> bool:
        failing = (REGRESSED, MISSING, INCONCLUSIVE, INCOMPARABLE) if self.strict else (REGRESSED, MISSING)
        return verdict.kind in failing


def judge(now: Run, case: str, before: Run | None, policy: Policy, between: Variance = UNKNOWN) -> Verdict:
    """The verdict on a case of ``now`` that is ``ok`` there; ``between`` is its variance between runs."""
    record = now.records[case]
    base = before.records.get(case) if before else None
    if before is None or base is None:
        return Verdict(case, NEW, reason=f"{before.name} does not have it" if before else NO_BASELINE)
    changed = changes(before.environment["versions"], now.environment["versions"])
    common: dict[str, Any] = {
        "baseline": before.name,
        "before_s": base.headline and base.headline.value,
        **_read(record),
        "versions": changes(versions(before, base), versions(now, record)),
        "gate": policy.gate,
    }
    if reason := incomparable(now, before, record, base):
        return Verdict(case, INCOMPARABLE, reason=reason, final=True, **common)
    if reason := moved(now, record, base, changed):
        return Verdict(case, INCOMPARABLE, reason=reason, **common)
    if found := without_change(record, base):
        kind, reason = found
        # The speed of a machine that others share may come back, within a few invocations.
        stays = undecidable(base, "in the baseline") or drifted(record, base)
        final = bool(stays) and len(values(record)) >= CONFIRMED
        return Verdict(case, kind, reason=reason, final=final, **common)
    change, apart = compared(centre(record), centre(base), between)
    verdict = weigh(case, change, looks(len(values(record))), policy, common)
    if verdict.kind != INCONCLUSIVE or change.error > apart:
        return verdict
    reason = f"{APART} {apart:.1%} on this machine: --versus tells more"
    return replace(verdict, reason=reason, final=len(values(record)) >= ENOUGH_INVOCATIONS)


def without_change(record: Record, base: Record) -> tuple[str, str] | None:
    """The kind of the verdict and its reason if the change has no number; None if it has one."""
    if reason := undecidable(record, "now") or undecidable(base, "in the baseline") or drifted(record, base):
        return INCONCLUSIVE, reason
    if all((*values(record), *values(base))):
        return None
    # A rate, or the like, of 0 has no logarithm.
    kept, had = any(values(record)), any(values(base))
    if kept and had:
        return INCONCLUSIVE, "some processes reach no more than 0"
    if had:
        return REGRESSED, "it is 0 now"
    return (IMPROVED, "it was 0 in the baseline") if kept else (OK, "it is 0 in both")


def compared(now: Centre, base: Centre, between: Variance) -> tuple[Centre, float]:
    """The change of a case, and how far two runs of it differ without one; both of logarithms."""
    change, missing = now - base, max(0.0, moderation.GUESSED - between.degrees)
    guess = max(UNKNOWN_SPREAD * max(now.spread, base.spread), LEAST_SPREAD)
    between += Variance(guess**2, missing)
    apart = math.sqrt(2 * between.value)
    if change.error < apart:
        change = replace(change, error=apart, degrees=min(change.degrees, between.degrees))
    return change, apart


def _read(record: Record) -> dict[str, Any]:
    """The figure that people read beside a verdict, as fields of that."""
    found = record.headline
    if found is None:
        return {"now_s": None}
    return {"now_s": found.value, "figure": record.headlined, "unit": found.unit}


def judge_versus(record: Record, policy: Policy, versions: list[str]) -> Verdict:
    """The verdict on a case that was timed in turn with itself on another side."""
    speedup, read = record.figure("speedup"), _read(record)
    assert speedup, "it was timed in turn with another"
    common: dict[str, Any] = {
        "baseline": record.detail("reference"),
        "before_s": read["now_s"] and read["now_s"] * speedup.value,
        **read,
        "versions": versions,
        "gate": policy.gate,
    }
    if len(speedup.values) < FEWEST_INVOCATIONS:
        return Verdict(record.id, INCONCLUSIVE, reason=too_few(len(speedup.values), 0, "now"), **common)
    verdict = weigh(record.id, centre(record, "speedup"), looks(len(speedup.values)), policy, common)
    if verdict.kind == INCONCLUSIVE and record.contended:
        return replace(verdict, reason=held(record))
    return verdict


def weigh(case: str, change: Centre, look: int, policy: Policy, common: Mapping[str, Any]) -> Verdict:
    """The verdict on a change of logarithms. ``look`` is the number of the look at it, from 1."""
    gate, half = math.log1p(policy.gate), change.half_width()
    low, high = change.mean - half, change.mean + half
    share = ALARM / policy.suite * fraction(look)
    reason = ""
    if low > gate:
        kind = REGRESSED if change.p_value() < share else INCONCLUSIVE
        reason = "" if kind == REGRESSED else f"not certain enough for one of {policy.suite} cases"
    elif high < -gate:
        kind = IMPROVED
    elif high <= gate:
        kind = OK
    else:
        kind, reason = INCONCLUSIVE, "the interval reaches beyond the gate"
    return Verdict(
        case,
        kind,
        change=math.expm1(change.mean),
        low=math.expm1(low),
        high=math.expm1(high),
        reason=reason,
        **common,
    )


def precise(record: Record, policy: Policy) -> bool:
    """True if a record can be a baseline: half its own interval is at most a quarter of the gate."""
    usable = len(values(record)) >= FEWEST_INVOCATIONS
    return usable and centre(record).half_width() <= math.log1p(policy.gate) / 4


def centre(record: Record, name: str = "") -> Centre:
    """The logarithm of the judged figure, or of another; where more is better, of its inverse: a cost."""
    name = name or record.judged_by
    found, figure = moderation.centre(record, name), record.figure(name)
    return replace(found, mean=-found.mean) if figure and figure.better == HIGHER else found


def fraction(look: int) -> float:
    """The part of a case's probability of an alarm that is allowed at the n-th look.

    Looks count if an alarm ends the measuring there: from ``CONFIRMED`` invocations on, or earlier where the
    budget ends. The parts add up to 3.6. But each look sees the invocations of the one before too. So all of
    them together do not exceed the probability; that was simulated for five to sixty normal values. Parts
    with a sum of 1 would need more invocations.
    """
    return math.pow(look + 1, -1.25)


def looks(invocations: int) -> int:
    """Number of looks that could end in an alarm while the invocations of a case became so many."""
    return max(1, invocations - CONFIRMED + 1)


def decided(verdict: Verdict, invocations: int) -> bool:
    """True if no further invocation would change the verdict, or is needed to confirm it."""
    return verdict.kind in DECIDED and (verdict.kind != REGRESSED or invocations >= CONFIRMED)
