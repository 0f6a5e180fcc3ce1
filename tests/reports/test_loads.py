"""Tests of cases under load in reports: table, chart, findings, capacity."""

from __future__ import annotations

import pytest

from tandem_reports import findings
from tandem_reports.judging.gate import Policy, judge
from tandem_reports.judging.loads import levels, needed_by, policy
from tandem_reports.queueing.capacity import Wanted
from tandem_reports.records.record import Record
from tandem_reports.records.verdict import Verdict
from tandem_reports.render import loads
from tandem_reports.variances import Variance
from tests.loads import level, loaded
from tests.records import costs, make_record, make_run

CALM, BUSY = level(0.5, 12, 24), level(0.7, 20, 82)


def told(*records: Record) -> str:
    return "\n".join(map(str, findings.find(records, {"cores": 2})))


def test_each_level_has_a_row_with_its_interval_and_what_was_foretold() -> None:
    table = loads.render([loaded(CALM, BUSY)])
    assert "82 (73.8 to 90.2)" in table
    assert "20, 82" in table
    assert "valid 2 of 3" in table
    assert "70%" in table
    assert "lost" not in table  # no query was
    assert loads.render([make_record("m-ov-fp32-b1-cpu")]) == ""


def test_a_level_in_doubt_says_why() -> None:
    record = loaded(level(0.7, 20, 82, late=True, contended=True), level(1.4, 500, 900))
    assert levels(record)[0].doubts == ["others held the cores", "queries came late"]
    assert levels(record)[1].doubts == ["p99 grows with the length of the run"]
    assert "queries came late" in loads.render([record])


@pytest.mark.parametrize(
    ("held", "words"), [([True, True], "held"), ([False], "over"), ([True, False], "held 1 of 2")]
)
def test_a_level_of_a_search_says_if_the_bound_held(held: list[bool], words: str) -> None:
    assert levels(loaded(level(0.7, 20, 82, held=held)))[0].verdict == words


def test_a_tail_that_the_queue_explains_is_told_with_a_calmer_one() -> None:
    assert "At 50% it is 2.0 times (24 ms)." in told(loaded(CALM, BUSY))


def test_a_tail_that_the_queue_does_not_explain_is_told_as_such() -> None:
    text = told(loaded(level(0.7, 20, 182, predicted={"here_p50_s": 0.02, "here_p99_s": 0.08})))
    assert "9.1 times p50 at 70% utilisation (182 ms), and the queue foretells 4.0 times" in text


@pytest.mark.parametrize("mark", ["late", "contended"])
def test_nothing_is_told_of_a_tail_in_doubt(mark: str) -> None:
    assert "times p50" not in told(loaded(CALM, level(0.7, 20, 82, **{mark: True})))


def test_the_services_for_a_rate_take_the_error_of_calm_levels_alone() -> None:
    pytest.importorskip("simpy")
    service = {"busy_s": {"1": [0.01]}, "idle_s": [0.01]}
    wrong = {"here_p50_s": 0.02, "here_p99_s": 0.041}
    noisy = loaded(CALM, level(0.7, 20, 82, predicted=wrong, contended=True), service=service)
    assert policy(loaded(batching="8@5ms")).most == 8
    found = needed_by(noisy, Wanted(500, 99, 0.05))
    assert found.fewest == found.most
    doubled = needed_by(loaded(level(0.7, 20, 82, predicted=wrong), service=service), Wanted(500, 99, 0.05))
    assert doubled.most
    assert found.most
    assert doubled.most > found.most


def test_the_chart_has_points_that_were_measured_and_lines_that_were_foretold() -> None:
    pytest.importorskip("altair")
    from tandem_reports import charts
    from tandem_reports.charts.base import Cases
    from tandem_reports.charts.loads import against_load, lost

    record = loaded(CALM, BUSY)
    chart = against_load(Cases.of([record]))
    assert chart
    chart.marks.to_dict(validate=True)
    kinds = [(row["kind"], row["percentile"], row["utilisation"]) for row in chart.rows]
    assert kinds.count(("measured", "p99", 0.7)) == 1
    assert len(kinds) == 8
    assert next(charts.of_run([record], [], {})).name == "load"
    curve = [{"rate": 50, "utilisation": 0.5, "p50": {"value": 0.01}, "p99": {"value": 0.03}, "lost": 0.2}]
    queue = loaded(curve=curve)
    foretold = against_load(Cases.of([queue]))
    assert foretold
    assert [row["ms"] for row in foretold.rows] == [10, 30]
    assert against_load(Cases.of([make_record("m-ov-fp32-b1-cpu")])) is None
    gone = lost(Cases.of([queue, record]))
    assert gone
    gone.marks.to_dict(validate=True)
    assert [row["lost"] for row in gone.rows] == [0.2, 0, 0]
    assert lost(Cases.of([record])) is None


def test_a_rate_that_falls_is_a_regression_and_one_that_rises_is_none() -> None:
    def judged(now: list[float], base: list[float]) -> Verdict:
        run, before = (make_run(loaded(rates=some)) for some in (now, base))
        return judge(run, loaded().id, before, Policy(0.05, 1), Variance(1e-6, 100.0))

    assert judged(costs(80.0, seed=1), costs(100.0, seed=2)).kind == "regressed"
    assert judged(costs(80.0, seed=1), costs(100.0, seed=2)).change == pytest.approx(0.25, abs=0.02)
    assert judged(costs(100.0, seed=1), costs(80.0, seed=2)).kind == "improved"
    assert judged([0.0] * 3, costs(80.0)).kind == "regressed"
    assert judged(costs(80.0), [0.0] * 3).kind == "improved"
    assert judged([0.0] * 3, [0.0] * 3).kind == "ok"
    assert judged([0.0, 80.0, 80.0], costs(80.0)).kind == "inconclusive"
