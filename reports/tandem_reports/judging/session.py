"""Judging during a run: the comparison of each case, the end of its measuring, and missing cases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tandem_reports.judging import outlook
from tandem_reports.judging.baseline import Baselines
from tandem_reports.judging.comparability import disturbed, values
from tandem_reports.judging.gate import APART, NO_BASELINE, Policy, decided, judge, precise
from tandem_reports.judging.moderation import SPEEDUP, Known, known_of, other_side
from tandem_reports.numbers import scaled, shown
from tandem_reports.records.record import Record
from tandem_reports.records.run import Run
from tandem_reports.records.saved import Saved
from tandem_reports.records.verdict import INCOMPARABLE, INCONCLUSIVE, MISSING, REGRESSED, Verdict
from tandem_reports.variances import UNKNOWN

#: From this number on, invocations that were set aside are no accident.
MANY_DISTURBED = 8
#: Words for more and for less of the unit that a case costs.
WORDS = {"s": ("slower", "faster"), "bytes": ("larger", "smaller")}
#: Arguments of a command line that narrow a run to some of its tests.
NARROWING = ("keyword", "mark", "tests")
#: Options that choose models of the user's own.
OWN = ("model", "input_shape")
#: Field of a case by the option that chooses it; a run adds the fields of its axes.
AXES = {
    "models": "model",
    "backends": "backend",
    "precisions": "precision",
    "batch_sizes": "batch",
    "transfer": "transfer",
}


@dataclass
class Judging:
    """Judges the records of a run. ``judge`` is None if there is nothing to compare with."""

    policy: Policy
    #: Seconds that all invocations of a case may take together until it is decided.
    budget_s: float
    #: True if the run is saved as a baseline, so that it must be precise enough for one.
    saving: bool = False
    #: True if a verdict may fail the test of its case; otherwise it is only shown.
    failing: bool = True
    judge: Callable[[Record], Verdict] | None = None
    known: Known = field(default_factory=Known)
    #: True for a record with an undecided verdict that is decided in another way than by more invocations.
    passes_on: Callable[[Record, Verdict], bool] = lambda _record, _verdict: False

    def enough(self, record: Record) -> bool:
        """True if the case needs no further measuring."""
        record = self.known.moderate(record)
        if hopeless(record) or (record.took_s is not None and record.took_s >= self.budget_s):
            return True
        if self.saving and not precise(record, self.policy):
            return False
        verdict = self.verdict(record)
        if verdict is None or verdict.final or decided(verdict, invocations(record)):
            return True
        return self._futile(record, verdict) or self.passes_on(record, verdict)

    def judged(self, record: Record, verdict: Verdict | None = None) -> Record:
        """The record of a finished case with moderated intervals and its verdict, if it has none yet."""
        record = self.known.moderate(record)
        self.known.learn(record)
        verdict = verdict or self.verdict(record)
        return replace(record, verdict=verdict.to_dict()) if verdict else record

    def verdict(self, record: Record) -> Verdict | None:
        """The verdict on a moderated record; None without a comparison.

        An undecided one tells how many invocations would decide it, if any number would.
        """
        verdict = self.judge(record) if self.judge else None
        if verdict is None or verdict.reason.startswith(APART):
            return verdict
        told = outlook.advice(verdict, invocations(record), known_degrees(record))
        return replace(verdict, reason="; ".join(filter(None, (verdict.reason, told))))

    def _futile(self, record: Record, verdict: Verdict) -> bool:
        """True if the rest of the budget would not decide the case."""
        count, took_s = invocations(record), record.took_s
        return took_s is not None and outlook.futile(
            verdict, count, count * self.budget_s / took_s, known_degrees(record)
        )

    def failure(self, record: Record) -> str | None:
        """The reason why the test of a judged record fails; None if it does not."""
        if record.verdict is None or not self.failing:
            return None
        verdict = Verdict(**record.verdict)
        return describe(verdict) if self.policy.fails(verdict) else None


def needs_tandem(verdict: Verdict) -> bool:
    """True if a stored number does not decide: it is not certain, it would alarm, or its unit changed."""
    changed = verdict.kind == INCOMPARABLE and not verdict.final
    return changed or verdict.kind in (INCONCLUSIVE, REGRESSED)


def invocations(record: Record) -> int:
    """Number of the values that a verdict rests on."""
    both = record.figure("speedup") if other_side(record) else record.judged
    return len(both.values) if both else 0


def known_degrees(record: Record) -> float:
    """Degrees of freedom of the interval that a verdict rests on, from other runs and other cases."""
    return known_of(record, SPEEDUP if other_side(record) else record.judged_by).degrees


def hopeless(record: Record) -> bool:
    """True if others disturb nearly every invocation: further ones would decide nothing."""
    aside: int = record.detail("set_aside", 0)
    return aside >= MANY_DISTURBED and aside > 4 * len(values(record))


def against(baselines: Baselines, now: Run, policy: Policy) -> Callable[[Record], Verdict]:
    """A function that judges a record of ``now`` by the saved run that is the baseline of its case.

    If a case has none, the newest run that has it was disturbed, or not found to be as fast: its verdict
    names that run.
    """

    def verdict(record: Record) -> Verdict:
        run = replace(now, records={record.id: record})
        between = baselines.spreads.get(record.id, UNKNOWN)
        base = baselines.runs.get(record.id, baselines.wanted)
        found = judge(run, record.id, base, policy, between)
        other = baselines.newest.get(record.id)
        if found.reason != NO_BASELINE or other is None:
            return found
        told = f"{other} has it, but was disturbed, undecided, or part of a run with a slower case"
        told += f"; --benchmark-compare={other} judges by it"
        return replace(found, reason=f"{NO_BASELINE}: {told}")

    return verdict


def find_missing(
    baselines: Mapping[str, Saved],
    selection: Mapping[str, Any],
    seen: Collection[str],
    skipped: Mapping[str, str],
) -> list[Verdict]:
    """Verdicts on cases of the baselines that this run should have and does not have.

    ``seen`` are the collected cases, run or not; ``skipped`` are the skipped ones, with the reason. A
    failed case is not missing: it has failed. Nor is the case of a question that this run does not ask.
    """
    found, asked = [], {scenario_of(case) for case in seen}
    for case, run in baselines.items():
        if scenario_of(case) not in asked:
            continue
        if case in skipped:
            found.append(Verdict(case, MISSING, run.name, reason=skipped[case]))
        elif case not in seen and asked_for(run.records[case], run.selection, selection):
            found.append(Verdict(case, MISSING, run.name, reason="it is no longer in the matrix"))
    return found


def scenario_of(case: str) -> str:
    """The question in the id of a case; empty for latency."""
    return case.partition("@")[2]


def asked_for(record: Record, then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """True if the options of this run, compared with those of the baseline, select a case that is absent."""
    own = record.model != record.name
    if own and any(now.get(word) != then.get(word) for word in OWN):
        return False
    if not own and now.get("model") and not now["models"]:  # they replaced the default models
        return False
    if any(now[word] and now[word] != then.get(word) for word in NARROWING):
        return False
    axes = AXES | now.get("axes", {})
    return all(
        now.get(option) == then.get(option) or names(now.get(option), value_of(record, field))
        for option, field in axes.items()
        if not (own and option == "models")
    )


def value_of(record: Record, field: str) -> str:
    """Text of a field of the record's case; a field at its default may be an attribute of the record."""
    return str(record.case.get(field, getattr(record, field, "")))


def names(words: str | None, value: str) -> bool:
    """True if a comma-separated option names the value; an option that was not given names nothing."""
    return words is not None and (
        words in ("all", "both") or value in [word.strip() for word in words.split(",")]
    )


def no_baselines(records: Iterable[Record]) -> list[str]:
    """Cases that were timed, and that later runs cannot be compared with, as others disturbed them."""
    return [record.id for record in records if record.status == "ok" and disturbed(record)]


def describe(verdict: Verdict) -> str:
    """A verdict as a sentence: the case, its baseline, the change and its interval."""
    if verdict.change is None:
        told = "; ".join(filter(None, [verdict.reason, *verdict.versions, verdict.note]))
        return f"{verdict.kind.capitalize()}: {verdict.case}" + (
            f" against {verdict.baseline}: {told}" if told else ""
        )
    low, high = sorted((verdict.low or 0.0, verdict.high or 0.0))
    word = WORDS.get(verdict.unit, ("worse", "better"))[verdict.change < 0]
    sentence = (
        f"{verdict.kind.capitalize()}: {verdict.case} is {abs(verdict.change):.1%} {word} than in "
        f"{verdict.baseline} (95 % interval {low:+.1%} to {high:+.1%}, gate {verdict.gate:.1%})"
    )
    before, now = verdict.before_s, verdict.now_s
    times = ""
    if before and now:
        scale, unit = shown(verdict.unit)
        times = f"{verdict.figure} {scaled(before, scale)} → {scaled(now, scale)} {unit}"
    return "; ".join(filter(None, [sentence, times, *verdict.versions, verdict.reason, verdict.note]))


def blemishes(verdicts: Iterable[Mapping[str, Any]]) -> list[str]:
    """Cases that keep a run from becoming the baseline without a promotion."""
    return sorted(verdict["case"] for verdict in verdicts if verdict["kind"] in (REGRESSED, MISSING))
