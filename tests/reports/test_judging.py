"""Tests of judging during a run: the decision on a case, missing cases, and the sentences."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tandem_reports.judging.gate import APART, Policy
from tandem_reports.judging.moderation import Known
from tandem_reports.judging.session import Judging, asked_for, describe, find_missing, no_baselines
from tandem_reports.records.record import Record
from tandem_reports.records.results import Results
from tandem_reports.records.saved import Saved, read
from tandem_reports.records.verdict import Verdict
from tandem_reports.render.terminal import judged
from tandem_reports.variances import Variance
from tests.records import costs, make_record, make_run, save

CASE = "m-b-fp32-b1-cpu"
WORDS: dict[str, Any] = {
    **dict.fromkeys(("models", "backends", "precisions", "batch_sizes")),
    "keyword": "",
    "mark": "",
    "tests": [],
}


def judge_as(kind: str) -> Judging:
    return Judging(Policy(), 30.0, judge=lambda record: Verdict(record.id, kind))


@pytest.mark.parametrize(
    ("kind", "enough"),
    [("ok", True), ("regressed", True), ("new", True), ("incomparable", True), ("inconclusive", False)],
)
def test_an_undecided_case_is_measured_on(kind: str, enough: bool) -> None:
    assert judge_as(kind).enough(make_record(CASE, costs(), took_s=10.0)) == enough


def test_so_is_an_alarm_until_five_invocations_confirm_it() -> None:
    assert not judge_as("regressed").enough(make_record(CASE, costs(count=4), took_s=10.0))
    assert judge_as("regressed").enough(make_record(CASE, costs(count=5), took_s=10.0))


@pytest.mark.parametrize("kind", ["inconclusive", "regressed"])
def test_but_not_beyond_its_budget(kind: str) -> None:
    assert judge_as(kind).enough(make_record(CASE, costs(), took_s=30.0))


def test_nor_on_a_machine_that_is_never_left_in_peace() -> None:
    disturbed = {"turn_s": 0.0113, "values": [1.0], "set_aside": 8}
    assert judge_as("inconclusive").enough(make_record(CASE, yardstick=disturbed))
    assert not judge_as("inconclusive").enough(make_record(CASE, yardstick=disturbed | {"set_aside": 3}))


def test_a_run_that_is_saved_is_measured_until_it_will_do_as_a_baseline() -> None:
    judging = Judging(Policy(0.01), 30.0, saving=True)
    assert not judging.enough(make_record(CASE, costs(noise=0.02)))
    assert judging.enough(make_record(CASE, costs(noise=0.001)))


def test_nothing_to_judge_is_enough_at_once() -> None:
    assert Judging(Policy(), 30.0).enough(make_record(CASE))


def test_with_the_gate_off_a_verdict_is_shown_and_fails_nothing() -> None:
    judging = judge_as("regressed")
    record = judging.judged(make_record(CASE, costs()))
    assert judging.failure(record)
    judging.failing = False
    assert judging.failure(record) is None


def record() -> Record:
    return make_record(CASE, costs())


@pytest.mark.parametrize(
    ("then", "now", "asked"),
    [
        ({}, {}, True),
        ({}, {"models": "m"}, True),
        ({}, {"models": "all"}, True),
        ({}, {"models": "other"}, False),
        ({}, {"batch_sizes": "4,8"}, False),
        ({"models": "m"}, {}, False),
        ({"models": "m"}, {"models": "m"}, True),
        ({}, {"keyword": "m"}, False),
        ({"keyword": "m"}, {"keyword": "m"}, True),
        ({"mark": "smoke"}, {}, True),
        ({}, {"tests": ["benches/bench_latency.py::x"]}, False),
    ],
)
def test_a_case_that_is_gone_is_missed_by_the_words_that_asked_for_it(
    then: dict[str, Any], now: dict[str, Any], asked: bool
) -> None:
    assert asked_for(record(), WORDS | then, WORDS | now) == asked


@pytest.mark.parametrize(
    ("then", "now", "asked"),
    [
        ({"model": ["/net.onnx"]}, {"model": ["/net.onnx"]}, True),
        ({"model": ["/net.onnx"]}, {"model": ["/net.onnx"], "models": "m"}, True),
        ({"model": ["/net.onnx"]}, {"model": ["/other.onnx"]}, False),
        ({"model": ["/net.onnx"]}, {}, False),
    ],
)
def test_a_model_of_ones_own_is_missed_by_the_same_words_alone(
    then: dict[str, Any], now: dict[str, Any], asked: bool
) -> None:
    own = replace(record(), case=record().case | {"model": "/net.onnx"})
    assert asked_for(own, WORDS | then, WORDS | now) == asked
    assert asked_for(record(), WORDS | then, WORDS | now) == ("models" in now or not now)


@pytest.mark.parametrize(("now", "asked"), [(None, False), ("device", False), ("host", True), ("both", True)])
def test_a_case_with_copies_is_missed_only_where_copies_are_asked_for(now: str | None, asked: bool) -> None:
    then, copied = WORDS | {"transfer": "both"}, record()
    copied = replace(copied, case=copied.case | {"transfer": "host"})
    assert asked_for(copied, then, WORDS | {"transfer": now}) == asked
    assert asked_for(record(), WORDS, WORDS | {"transfer": None}), "a run from before there were any"


@pytest.fixture
def baseline(tmp_path: Path) -> dict[str, Saved]:
    return {CASE: read(save(tmp_path, 1, [record()]))}


def test_missing_is_what_vanished_or_was_skipped_but_not_what_failed(baseline: dict[str, Saved]) -> None:
    (gone,) = find_missing(baseline, WORDS, seen=["m-other-fp32-b1-cpu"], skipped={})
    assert (gone.kind, gone.reason) == ("missing", "it is no longer in the matrix")
    (skipped,) = find_missing(baseline, WORDS, seen=[CASE], skipped={CASE: "b is not installed"})
    assert skipped.reason == "b is not installed"
    assert find_missing(baseline, WORDS, seen=[CASE], skipped={}) == []


def test_a_case_of_a_question_that_was_not_asked_is_not_missing(baseline: dict[str, Saved]) -> None:
    assert find_missing(baseline, WORDS, seen=[f"{CASE}@memory"], skipped={}) == []


def test_what_nothing_can_be_compared_with_is_told_when_it_is_saved() -> None:
    def taken(letter: str, values: list[float]) -> Record:
        yardstick = {"turn_s": 0.01, "set_aside": 2, "values": values, "estimate": 1.0}
        return make_record(f"m-{letter}-fp32-b1-cpu", yardstick=yardstick)

    records = [make_record(CASE, [1.0] * 3), taken("c", []), taken("d", [1.0, 1.0]), taken("e", [1.0] * 3)]
    assert no_baselines(records) == [records[1].id, records[2].id]


def test_a_verdict_says_what_against_what_and_how_sure() -> None:
    verdict = Verdict(
        CASE, "regressed", "0003", 0.048, 0.039, 0.057, 0.03, 0.021, 0.022, ["onnxruntime 1.30.0 → 1.31.1"]
    )
    assert describe(verdict) == (
        f"Regressed: {CASE} is 4.8% slower than in 0003 (95 % interval +3.9% to +5.7%, gate 3.0%); "
        "p50 21 → 22 ms; onnxruntime 1.30.0 → 1.31.1"
    )
    noted = Verdict(CASE, "incomparable", "0003", reason="other threads", note="0003 cannot be built again")
    assert describe(noted) == (
        f"Incomparable: {CASE} against 0003: other threads; 0003 cannot be built again"
    )


@pytest.mark.parametrize(
    ("count", "noise", "change", "enough"),
    [(3, 0.005, 0.0, False), (3, 0.2, 0.0, False), (6, 0.2, 0.0, True), (6, 0.2, 3.0, False)],
)
def test_a_case_that_the_budget_cannot_decide_is_given_up(
    count: int, noise: float, change: float, enough: bool
) -> None:
    gate, half = 0.01, 2.5 * noise

    def verdict(record: Record) -> Verdict:
        low, high = (math.expm1(math.log1p(change) + each * half) for each in (-1, 1))
        return Verdict(record.id, "inconclusive", change=change, low=low, high=high, gate=gate, reason="wide")

    judging = Judging(Policy(gate), 60.0, judge=verdict)
    record = make_record(CASE, costs(1.0, noise, count), took_s=10.0)
    assert judging.enough(record) == enough
    told = judging.judged(record).verdict
    assert told
    number = "more than 1000" if noise == 0.2 else "some 4"
    assert told["reason"] == f"wide; {number} invocations would decide it, not {count}"


def test_an_interval_that_rests_on_other_runs_shrinks_less_with_further_invocations() -> None:
    def verdict(record: Record) -> Verdict:
        return Verdict(record.id, "inconclusive", change=0.0, low=-0.0125, high=0.0125, gate=0.01)

    record = make_record(CASE, costs(1.0, 0.005, 3))
    for known, number in (Known(), 4), (Known([("latency cost b cpu", CASE, Variance(2.5e-5, 8))]), 5):
        told = Judging(Policy(0.01), 60.0, judge=verdict, known=known).judged(record).verdict
        assert told
        assert told["reason"] == f"some {number} invocations would decide it, not 3"


def test_more_invocations_are_not_advised_where_runs_differ() -> None:
    def verdict(record: Record) -> Verdict:
        reason = f"{APART} 1.3% on this machine"
        return Verdict(record.id, "inconclusive", change=0.0, low=-0.02, high=0.02, gate=0.01, reason=reason)

    told = Judging(Policy(0.01), 60.0, judge=verdict).judged(make_record(CASE, costs(), took_s=10.0)).verdict
    assert told
    assert told["reason"] == f"{APART} 1.3% on this machine"


def test_an_idle_machine_is_advised_only_where_it_would_help(tmp_path: Path) -> None:
    like = make_run(reference="eager-fp32")
    run = Results.create(tmp_path, {**like.environment}, {**like.settings})
    told = Verdict(CASE, "inconclusive", change=0.0, low=-0.02, high=0.02, reason=f"{APART} 1.3%")
    run.add(replace(make_record(CASE), verdict=told.to_dict()))
    assert judged(run, Judging(Policy(0.01), 60.0))[-1].endswith("--gate-strict alone")
    run.add(
        replace(make_record("m-b-fp32-b8-cpu"), verdict=Verdict("m-b-fp32-b8-cpu", "inconclusive").to_dict())
    )
    assert "; an idle machine" in judged(run, Judging(Policy(0.01), 60.0))[-1]
