"""Tests of the gate on synthetic records: verdicts, obstacles to them, and the rate of false alarms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem_reports.judging.comparability import FEWEST_INVOCATIONS
from tandem_reports.judging.gate import CONFIRMED, Policy, fraction, judge, judge_versus, looks, precise
from tandem_reports.records.record import Record
from tandem_reports.records.verdict import Verdict
from tandem_reports.statistics import estimate_ratio
from tandem_reports.variances import UNKNOWN, Variance
from tests.records import YARDSTICK_S, costs, make_record, make_run

CASE = "m-b-fp32-b1-cpu"


def verdict(
    now: list[float],
    base: list[float],
    gate: float = 0.03,
    suite: int = 40,
    spread: float | None = 0.0,
    **changes: Any,
) -> Verdict:
    """The verdict if runs differ no more than their invocations explain, or by ``spread``."""
    run = make_run(make_record(CASE, now, **changes), name="now")
    between = UNKNOWN if spread is None else Variance(spread**2, 100.0)
    return judge(run, CASE, make_run(make_record(CASE, base)), Policy(gate, suite), between)


@pytest.mark.parametrize("probability", [0.05, 0.002])
def test_many_looks_alarm_no_more_often_than_one_may(probability: float) -> None:
    """At a growing sample of normal values, from five to sixty of them."""
    import numpy as np
    from scipy.special import ndtri

    counts = np.arange(CONFIRMED, 61)
    limits = [-ndtri(probability * fraction(looks(int(count)))) for count in counts]
    samples = np.random.default_rng(1).normal(size=(100_000, counts[-1]))
    means = samples.cumsum(axis=1)[:, counts - 1] / np.sqrt(counts)
    assert 0.5 * probability < (means > limits).any(axis=1).mean() < probability


@pytest.mark.parametrize(
    ("centre", "kind"), [(1.0, "ok"), (1.01, "ok"), (1.06, "regressed"), (0.9, "improved"), (0.98, "ok")]
)
def test_a_change_is_judged_by_its_whole_interval(centre: float, kind: str) -> None:
    found = verdict(costs(centre, seed=1), costs(seed=2))
    assert found.kind == kind
    assert found.change == pytest.approx(centre - 1, abs=0.005)
    assert found.low is not None
    assert found.high is not None
    assert found.low < centre - 1 < found.high


def test_a_change_near_the_gate_is_inconclusive() -> None:
    found = verdict(costs(1.03, seed=1), costs(seed=2))
    assert (found.kind, found.reason) == ("inconclusive", "the interval reaches beyond the gate")


def test_noise_makes_it_inconclusive_not_wrong() -> None:
    assert verdict(costs(1.0, 0.2, seed=5), costs(1.0, 0.2, seed=6)).kind == "inconclusive"


def test_a_change_is_known_no_better_than_runs_are_known_to_differ() -> None:
    now, base = costs(1.13, 0.01, 20, seed=1), costs(1.0, 0.01, 20, seed=2)
    assert verdict(now, base).kind == "regressed"
    found = verdict(now, base, spread=0.06)
    assert (found.kind, found.final) == ("inconclusive", True)
    assert found.reason == "runs of it differ by 8.5% on this machine: --versus tells more"


def test_before_there_are_other_runs_they_are_taken_to_differ_half_as_invocations_do() -> None:
    now, base = costs(1.055, 0.02, 40, seed=1), costs(1.0, 0.02, 40, seed=2)
    assert verdict(now, base).kind == "regressed"
    assert verdict(now, base, spread=None).kind == "inconclusive"
    assert verdict(costs(1.4, 0.02, 4, seed=1), base, spread=None).kind == "regressed"


def test_two_saved_runs_that_differ_do_not_widen_an_interval_without_end() -> None:
    base = make_run(make_record(CASE, costs(1.0, 0.02, 40, seed=2)))
    now = make_run(make_record(CASE, costs(1.0, 0.02, 40, seed=1)), name="now")
    guessed = judge(now, CASE, base, Policy(0.05, 1))
    found = judge(now, CASE, base, Policy(0.05, 1), Variance(0.03**2, 0.37))
    assert guessed.high is not None
    assert found.high is not None
    assert guessed.high < found.high < 0.1


def test_an_outlier_among_many_does_not_decide() -> None:
    steady = costs(count=16, seed=1)
    assert verdict([*steady[:-1], 1.4], costs(count=16, seed=2)).kind == "ok"


def test_one_of_many_cases_must_be_more_certain() -> None:
    now, base = [1.04, 1.05, 1.06], [1.0, 1.001, 0.999]
    assert verdict(now, base, gate=0.005, suite=1).kind == "regressed"
    found = verdict(now, base, gate=0.005, suite=1000)
    assert (found.kind, found.reason) == ("inconclusive", "not certain enough for one of 1000 cases")


def test_whole_runs_in_which_nothing_changed_hardly_ever_alarm() -> None:
    """Judge 40 cases after each of up to 12 invocations, with a gate far below their noise."""
    alarms = 0
    for run in range(60):
        kinds = set()
        for case in range(40):
            base = costs(1.0, 0.02, 6, seed=10_000 * run + case)
            values = costs(1.0, 0.02, 12, seed=-1 - 10_000 * run - case)
            for count in range(FEWEST_INVOCATIONS, len(values) + 1):
                kind = verdict(values[:count], base, gate=1e-6).kind
                kinds.add(kind)
                if kind in ("ok", "improved", "regressed"):
                    break
        alarms += "regressed" in kinds
    # At 5 %, more than 8 of 60 have a probability of 0.3 %.
    assert alarms <= 8


def test_a_case_without_a_baseline_is_new() -> None:
    record = make_record(CASE, costs())
    assert judge(make_run(record), CASE, None, Policy()).kind == "new"
    assert judge(make_run(record), CASE, make_run(), Policy()).kind == "new"


def test_what_changed_with_the_case_is_named_and_nothing_else() -> None:
    base = make_run(make_record(CASE, costs()), versions={"b": "0.9", "unrelated": "1"})
    now = make_run(make_record(CASE, costs()), versions={"unrelated": "2"})
    assert judge(now, CASE, base, Policy()).versions == ["b 0.9 → 1.0"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [({"threads": 1}, "threads 1, this run 2"), ({"weights": "pretrained"}, "weights pretrained")],
)
def test_other_settings_are_incomparable(settings: dict[str, Any], words: str) -> None:
    base = make_run(make_record(CASE, costs()), **settings)
    found = judge(make_run(make_record(CASE, costs())), CASE, base, Policy())
    assert found.kind == "incomparable"
    assert words in found.reason


def test_what_ran_in_an_environment_of_its_own_changes_with_the_versions_there() -> None:
    now, before = (
        make_record(values=costs(), environment={"versions": {"torch": version, "b": "1.0"}})
        for version in ("2.14.1", "2.14.0")
    )
    found = judge(make_run(now), CASE, make_run(before, versions={"torch": "2.13.0"}), Policy())
    assert found.versions == ["torch 2.14.0 → 2.14.1"]


def test_another_machine_is_incomparable() -> None:
    base = make_run(make_record(CASE, costs()))
    elsewhere = replace(base, environment={**base.environment, "fingerprint": "there"})
    found = judge(base, CASE, elsewhere, Policy())
    assert (found.kind, "another machine" in found.reason) == ("incomparable", True)


def faster_yardstick(record: Record) -> Record:
    section = record.sections["latency"]
    told = replace(section, details=section.details | {"turn_s": YARDSTICK_S * 0.8})
    return replace(record, sections={"latency": told})


def test_a_changed_library_under_the_yardstick_is_incomparable_and_named() -> None:
    base = make_run(make_record(CASE, costs()), versions={"torch": "2.14.0"})
    now = make_run(faster_yardstick(make_record(CASE, costs(1.25))))
    found = judge(now, CASE, base, Policy())
    assert found.kind == "incomparable"
    assert "torch 2.14.0 → 2.15.0: 11.3 → 9.04 ms" in found.reason
    unmoved = make_run(make_record(CASE, costs(1.25)))
    assert judge(unmoved, CASE, base, Policy()).kind == "regressed"


def test_a_machine_in_another_state_decides_nothing() -> None:
    base = make_run(make_record(CASE, costs()))
    now = make_run(faster_yardstick(make_record(CASE, costs(1.25))))
    found = judge(now, CASE, base, Policy())
    assert (found.kind, found.reason) == (
        "inconclusive",
        "the machine runs the yardstick 20% faster than in the baseline",
    )
    assert found.final, "no further invocation decides it"
    few = make_run(faster_yardstick(make_record(CASE, costs(1.25, count=3))))
    assert not judge(few, CASE, base, Policy()).final, "the machine may be back soon"


def test_a_baseline_of_too_few_invocations_stays_so() -> None:
    base = make_run(make_record(CASE, costs(count=2)))
    many, few = (make_run(make_record(CASE, costs(count=count))) for count in (5, 3))
    assert judge(many, CASE, base, Policy()).final
    assert not judge(few, CASE, base, Policy()).final


def test_contention_that_leaves_too_little_is_named() -> None:
    disturbed = {"turn_s": YARDSTICK_S, "values": [1.5], "set_aside": 8}
    found = verdict([], costs(), yardstick=disturbed, contention=0.88, contended=True)
    assert found.kind == "inconclusive"
    assert "8 more were disturbed" in found.reason
    assert "others held the cores for 88% of the time" in found.reason


@given(st.lists(st.floats(0.5, 2), min_size=3, max_size=30), st.lists(st.floats(0.5, 2), min_size=3))
def test_every_pair_of_samples_gets_a_verdict_and_ok_is_never_slower(
    now: list[float], base: list[float]
) -> None:
    found = verdict(now, base)
    assert found.change is not None
    assert found.high is not None
    if found.kind == "ok":
        assert found.high <= 0.03 + 1e-9
    if found.kind == "regressed":
        assert found.low is not None
        assert found.low > 0.03


def test_two_sides_in_tandem_are_judged_by_their_ratio() -> None:
    speedup = estimate_ratio([[1 / value] for value in costs(1.05)]).to_dict() | {"reference": "origin/main"}
    found = judge_versus(make_record(CASE, speedup=speedup), Policy(0.01), ["onnxruntime 1.30.0 → 1.31.1"])
    assert (found.kind, found.baseline) == ("regressed", "origin/main")
    assert found.change == pytest.approx(0.05, abs=0.005)
    assert found.versions == ["onnxruntime 1.30.0 → 1.31.1"]


def test_contention_in_tandem_is_named() -> None:
    speedup = estimate_ratio([[1 / value] for value in costs(1.05, 0.2)]).to_dict() | {"reference": "it"}
    record = make_record(CASE, speedup=speedup, contention=0.92, contended=True)
    found = judge_versus(record, Policy(), [])
    assert (found.kind, found.reason) == ("inconclusive", "others held the cores for 92% of the time")


def test_a_precise_record_will_do_as_a_baseline() -> None:
    assert precise(make_record(CASE, costs()), Policy(0.05))
    assert not precise(make_record(CASE, costs(noise=0.05)), Policy(0.05))
    assert not precise(make_record(CASE, costs(count=2)), Policy(0.05))


@pytest.mark.parametrize(("kind", "usual", "strict"), [
    ("regressed", True, True), ("missing", True, True), ("inconclusive", False, True),
    ("incomparable", False, True), ("new", False, False), ("ok", False, False), ("improved", False, False),
])  # fmt: skip
def test_what_fails(kind: str, usual: bool, strict: bool) -> None:
    assert Policy().fails(Verdict(CASE, kind)) == usual
    assert Policy(strict=True).fails(Verdict(CASE, kind)) == strict
