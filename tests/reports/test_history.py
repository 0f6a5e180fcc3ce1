"""Tests of the history of saved runs: baselines, spreads and trends."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from tandem_reports.charts import trends as charts
from tandem_reports.judging.baseline import choose, known, read_policy
from tandem_reports.judging.history import History
from tandem_reports.judging.session import against
from tandem_reports.records import saved
from tandem_reports.records.record import Figure, Section
from tandem_reports.records.saved import DamagedBaseline
from tandem_reports.render import trend
from tandem_reports.variances import EFFICIENCY
from tests.records import YARDSTICK_S, costs, make_record, make_run, numbers, record, save

ONE, OTHER = "m-b-fp32-b1-cpu", "n-b-fp32-b1-cpu"


def test_a_trend_has_the_unit_of_what_is_judged(tmp_path: Path) -> None:
    peak = Section({"peak": Figure(2e8, "bytes", "lower")}, judged="peak")
    memory = replace(record(ONE), id=f"{ONE}@memory", sections={"memory": peak})
    save(tmp_path, 1, [record(ONE), memory])
    timed, weighed = History(tmp_path).trends()
    assert [timed.unit, weighed.unit] == ["", "bytes"]
    assert trend.summary(weighed)[0] == "200 MB"
    assert trend.summary(timed)[0] == f"{timed.costs[-1]:.3g}"
    assert charts.rows(weighed)[0]["cost"] == 200
    assert [charts.title([timed]), charts.title([weighed]), charts.title([timed, weighed])] == [
        "× yardstick", "MB", "cost",
    ]  # fmt: skip


def test_a_run_under_other_settings_is_no_baseline(tmp_path: Path) -> None:
    save(tmp_path, 1, [record(ONE)])
    save(tmp_path, 2, [record(ONE)], threads=1)
    assert numbers(tmp_path) == {ONE: "0001"}


def test_runs_with_another_allocator_have_a_baseline_of_their_own(tmp_path: Path) -> None:
    save(tmp_path, 1, [record(ONE)])
    save(tmp_path, 2, [record(ONE)], allocator="jemalloc")
    save(tmp_path, 3, [record(ONE)])
    chosen = History(tmp_path).baselines({**make_run().settings, "allocator": "jemalloc"})
    assert [path.name[:4] for path in chosen.values()] == ["0002"]
    assert numbers(tmp_path) == {ONE: "0003"}


@pytest.mark.parametrize(
    ("kind", "number"), [("ok", "0002"), ("inconclusive", "0001"), ("incomparable", "0001")]
)
def test_only_what_was_found_no_slower_becomes_the_baseline(tmp_path: Path, kind: str, number: str) -> None:
    save(tmp_path, 1, [record(ONE)])
    save(tmp_path, 2, [replace(record(ONE), verdict={"case": ONE, "kind": kind})])
    assert numbers(tmp_path) == {ONE: number}


@pytest.mark.parametrize("verdict", [None, {"case": ONE, "kind": "new"}])
def test_what_others_left_too_little_of_is_no_baseline_until_it_is_promoted(
    tmp_path: Path, verdict: dict[str, str] | None
) -> None:
    yardstick = {"turn_s": YARDSTICK_S, "set_aside": 1, "values": [1.0, 1.0], "estimate": 1.0}
    disturbed = save(tmp_path, 1, [make_record(ONE, yardstick=yardstick, verdict=verdict)])
    assert numbers(tmp_path) == {}
    found, run = choose(tmp_path, True, make_run().settings), make_run(record(ONE))
    told = against(found, run, read_policy("5%", False))(run.records[ONE])
    assert told.kind == "new"
    assert told.reason.endswith("--benchmark-compare=0001 judges by it")
    saved.promote(disturbed)
    assert numbers(tmp_path) == {ONE: "0001"}


def test_a_named_baseline_that_does_not_have_the_case_is_named(tmp_path: Path) -> None:
    save(tmp_path, 1, [record(OTHER)])
    save(tmp_path, 2, [record(ONE)])
    found, run = choose(tmp_path, "0001", make_run().settings), make_run(record(ONE))
    told = against(found, run, read_policy("5%", False))(run.records[ONE])
    assert (told.kind, told.reason) == ("new", "0001 does not have it")


def test_the_baseline_of_a_case_is_the_newest_good_run_that_has_it(tmp_path: Path) -> None:
    save(tmp_path, 1, [record(ONE), record(OTHER)])
    save(tmp_path, 2, [record(ONE)])
    save(tmp_path, 3, [record(ONE), record(OTHER)], blemishes=[ONE])
    assert numbers(tmp_path) == {ONE: "0002", OTHER: "0001"}


def test_a_promoted_run_is_the_baseline_and_those_before_it_are_not(tmp_path: Path) -> None:
    save(tmp_path, 1, [record(ONE), record(OTHER)])
    saved.promote(save(tmp_path, 2, [record(ONE)], blemishes=[OTHER]))
    assert numbers(tmp_path) == {ONE: "0002"}


def test_a_damaged_run_is_no_reason_to_take_an_older_one(tmp_path: Path) -> None:
    save(tmp_path, 1, [record(ONE)])
    damaged = save(tmp_path, 2, [record(ONE)])
    damaged.write_text("{")
    with pytest.raises(DamagedBaseline, match=str(damaged)):
        History(tmp_path).baselines(make_run().settings)
    assert [len(trend.costs) for trend in History(tmp_path).trends()] == [1]
    assert str(damaged) in History(tmp_path).damages()[0]


def test_a_trend_follows_a_case_over_the_runs(tmp_path: Path) -> None:
    for number in range(1, 5):
        save(tmp_path, number, [record(ONE, 1 + number / 10), record(OTHER)])
    (trend,) = History(tmp_path).trends("m-*")
    assert [run.name for run in trend.runs] == ["0001", "0002", "0003", "0004"]
    assert trend.costs == pytest.approx([1.1, 1.2, 1.3, 1.4], rel=0.01)


def test_how_runs_differ_is_known_from_two_of_them_on(tmp_path: Path) -> None:
    settings = make_run().settings
    save(tmp_path, 1, [make_record(ONE, costs(1.02, 0.0, 3))])
    assert not History(tmp_path).spreads(settings)[ONE].degrees
    for number in range(2, 5):
        save(tmp_path, number, [make_record(ONE, costs(1 + number % 2 / 50, 0.0, 3))])
    found = History(tmp_path).spreads(settings)[ONE]
    assert math.sqrt(found.value) == pytest.approx(0.02, abs=0.002)
    assert found.degrees == pytest.approx(3 * EFFICIENCY)
    assert History(tmp_path).spreads({**settings, "threads": 1}) == {}


def test_each_run_tells_a_variance_between_processes(tmp_path: Path) -> None:
    settings = make_run().settings
    for number, values in enumerate(([1.0, 1.02, 1.01], [1.0, 1.04, 1.02]), 1):
        save(tmp_path, number, [make_record(ONE, values)])
    found = History(tmp_path).variances(settings)
    assert [row[:2] for row in found] == 2 * [("latency cost b cpu", ONE)]
    assert [variance.degrees for _, _, variance in found] == [2, 2]
    deviations = sorted(math.sqrt(variance.value) for _, _, variance in found)
    assert deviations == pytest.approx([0.01, 0.02], rel=0.03)


def test_a_disturbed_run_says_little_of_the_next_one(tmp_path: Path) -> None:
    settings, calm = make_run().settings, [1.0, 1.02, 1.01]
    for number, values in enumerate([*[calm] * 6, [1.0, 2.0, 1.5]], 1):
        save(tmp_path, number, [make_record(ONE, values)])
    judged = known(tmp_path, settings).moderate(make_record(ONE, calm)).judged
    assert judged
    assert judged.high
    assert judged.high / judged.value < 1.03


def test_a_trend_keeps_its_order_and_its_settings(tmp_path: Path) -> None:
    first = save(tmp_path, 1, [record(ONE)])
    save(tmp_path, 2, [record(ONE)], threads=1)
    save(tmp_path, 3, [record(ONE)])
    saved.promote(first)
    (trend,) = History(tmp_path).trends()
    assert [run.name for run in trend.runs] == ["0001", "0003"]


def test_a_trend_knows_the_versions_of_the_environment_that_a_case_has_to_itself(tmp_path: Path) -> None:
    own = {"interpreter": "python", "python": "3.12.1", "versions": {"torch": "2.14.0"}}
    save(tmp_path, 1, [record(ONE), replace(record(OTHER), environment=own)])
    here, elsewhere = History(tmp_path).trends()
    assert [trend.runs[0].versions["torch"] for trend in (here, elsewhere)] == ["2.15.0", "2.14.0"]


def test_an_edited_record_is_no_part_of_a_history(tmp_path: Path) -> None:
    path = save(tmp_path, 1, [record(ONE)])
    content = json.loads(path.read_text())
    content["benchmarks"][0]["extra_info"]["tandem"]["outcome"] = "edited"
    path.write_text(json.dumps(content))
    assert History(tmp_path).trends() == []
    assert "0001" in History(tmp_path).damages()[0]
