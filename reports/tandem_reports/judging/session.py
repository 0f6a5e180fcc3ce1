"""Judging while a run goes on: what a case is compared with, when it is decided, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tandem_reports.judging.comparability import values, yardstick_s
from tandem_reports.judging.gate import DECIDED, Policy, judge, precise
from tandem_reports.records.record import Record
from tandem_reports.records.run import Run
from tandem_reports.records.saved import Saved
from tandem_reports.records.verdict import MISSING, REGRESSED, Verdict

#: So many invocations that were set aside are no accident.
MANY_DISTURBED = 8
#: The words of a command line that narrow a run to some of its tests.
NARROWING = ("keyword", "mark", "tests")
#: What chooses models of the user's own.
OWN = ("model", "input_shape")
#: Field of a case by the option that chooses it; a run adds those of its axes.
AXES = {
    "models": "model",
    "backends": "backend",
    "precisions": "precision",
    "batch_sizes": "batch",
    "transfer": "transfer",
}


@dataclass
class Judging:
    """Judges the records of a run. ``judge`` is None where there is nothing to compare with."""

    policy: Policy
    #: Seconds that a case may take, all its invocations together, until it is decided.
    budget_s: float
    #: Whether the run will be a baseline, and must be measured precisely enough for one.
    saving: bool = False
    #: Whether a verdict fails the test of its case, or is only shown.
    failing: bool = True
    judge: Callable[[Record], Verdict] | None = None

    def enough(self, record: Record) -> bool:
        """Whether the case need not be measured on."""
        if hopeless(record) or (record.took_s is not None and record.took_s >= self.budget_s):
            return True
        verdict = self.judge(record) if self.judge else None
        decided = verdict is None or verdict.kind in DECIDED or verdict.final
        return decided and (not self.saving or precise(record, self.policy))

    def judged(self, record: Record) -> Record:
        """The record with its verdict."""
        return replace(record, verdict=self.judge(record).to_dict()) if self.judge else record

    def failure(self, record: Record) -> str | None:
        """Why the test of a judged record fails, in words; None if it does not."""
        if record.verdict is None or not self.failing:
            return None
        verdict = Verdict(**record.verdict)
        return describe(verdict) if self.policy.fails(verdict) else None


def hopeless(record: Record) -> bool:
    """Whether others disturb nearly every invocation: going on would decide nothing."""
    disturbed: int = record.detail("set_aside", 0)
    return disturbed >= MANY_DISTURBED and disturbed > 4 * len(values(record))


def against(
    baselines: Mapping[str, Saved], now: Run, policy: Policy, spreads: Mapping[str, float]
) -> Callable[[Record], Verdict]:
    """Judges a record of ``now`` by the saved run that is the baseline of its case."""

    def verdict(record: Record) -> Verdict:
        run = replace(now, records={record.id: record})
        return judge(run, record.id, baselines.get(record.id), policy, spreads.get(record.id))

    return verdict


def find_missing(
    baselines: Mapping[str, Saved],
    selection: Mapping[str, Any],
    seen: Collection[str],
    skipped: Mapping[str, str],
) -> list[Verdict]:
    """Cases of the baseline that this run was asked for and has not got.

    ``seen`` are the cases that were collected, run or not; ``skipped`` those that were skipped, with
    the reason. One that failed is not missing: it has failed.
    """
    found = []
    for case, run in baselines.items():
        if case in skipped:
            found.append(Verdict(case, MISSING, run.name, reason=skipped[case]))
        elif case not in seen and asked_for(run.records[case], run.selection, selection):
            found.append(Verdict(case, MISSING, run.name, reason="it is no longer in the matrix"))
    return found


def asked_for(record: Record, then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether the words of this run ask for a case that is not there, going by those of the baseline."""
    own = record.model != record.name
    if own and any(now.get(word) != then.get(word) for word in OWN):
        return False
    if not own and now.get("model") and not now["models"]:  # they took the place of the default ones
        return False
    if any(now[word] and now[word] != then.get(word) for word in NARROWING):
        return False
    axes = AXES | now.get("axes", {})
    return all(
        now.get(option) == then.get(option)
        or names(now.get(option), str(record.case.get(field, getattr(record, field, ""))))
        for option, field in axes.items()
        if not (own and option == "models")
    )


def value_of(record: Record, field: str) -> str:
    """Of a field of the record's case, in words; where it is at its default the record may know that."""
    return str(record.case.get(field, getattr(record, field, "")))


def names(words: str | None, value: str) -> bool:
    """Whether a comma-separated option names the value; an option that was not given names nothing."""
    return words is not None and (
        words in ("all", "both") or value in [word.strip() for word in words.split(",")]
    )


def without_cost(records: Iterable[Record]) -> list[str]:
    """Cases of which no invocation was undisturbed: they have been timed, and cannot be compared."""
    ok = [record for record in records if record.status == "ok"]
    return [record.id for record in ok if yardstick_s(record) and not record.judged]


def describe(verdict: Verdict) -> str:
    """A verdict in a sentence: what, against what, by how much, how sure."""
    if verdict.change is None:
        return f"{verdict.kind.capitalize()}: {verdict.case}" + (
            f" against {verdict.baseline}: {verdict.reason}" if verdict.reason else ""
        )
    low, high = sorted((verdict.low or 0.0, verdict.high or 0.0))
    word = "slower" if verdict.change >= 0 else "faster"
    sentence = (
        f"{verdict.kind.capitalize()}: {verdict.case} is {abs(verdict.change):.1%} {word} than in "
        f"{verdict.baseline} (95 % interval {low:+.1%} to {high:+.1%}, gate {verdict.gate:.1%})"
    )
    before, now = verdict.before_s, verdict.now_s
    times = f"p50 {before * 1e3:.3g} → {now * 1e3:.3g} ms" if before and now else ""
    return "; ".join(filter(None, [sentence, times, *verdict.versions, verdict.reason]))


def blemishes(verdicts: Iterable[Mapping[str, Any]]) -> list[str]:
    """Cases for which a run must not become the baseline by itself."""
    return sorted(verdict["case"] for verdict in verdicts if verdict["kind"] in (REGRESSED, MISSING))
