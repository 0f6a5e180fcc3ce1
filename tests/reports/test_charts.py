"""Tests of charts: their data are those of the records, and each one is a valid specification."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tandem_reports.__main__ import main
from tandem_reports.records.record import Figure, Record
from tandem_reports.records.verdict import Verdict
from tests.records import make_record, request, timed, write_run

pytest.importorskip("altair")
from tandem_reports import charts
from tandem_reports.charts import base, budget, cost, judged, memory, speed
from tandem_reports.charts.base import ON_WHITE, Cases, Chart, specification
from tandem_reports.render import budget as steps

EAGER, QUICK = timed("m-eager-fp32-b1-cpu", 20, 1.0), timed("m-ov-fp32-b1-cpu", 10)
BATCHED = timed("m-ov-fp32-b8-cpu", 40, 4.0)
ROUGH = timed("m-ov-int8-b1-cpu", 4, agreement={"relative_error": 0.05})
CASES = [EAGER, QUICK, BATCHED, ROUGH]
RANDOM = random.Random(0)
CALLS = {record.id: [RANDOM.gauss(0.02, 0.001) for _ in range(1000)] for record in CASES}
COLD = make_record(
    "m-ov-fp32-b1-cpu",
    id="m-ov-fp32-b1-cpu@cold_start",
    scenario="cold_start",
)


def all_charts(records: list[Record]) -> list[Chart]:
    verdicts = [Verdict(EAGER.id, "ok", change=0.01, low=-0.01, high=0.02, gate=0.05).to_dict()]
    return [chart for group in charts.of_run(records, verdicts, CALLS) for chart in group.charts]


def by(chart: Chart | None, name: str) -> dict[str, Any]:
    assert chart
    return {row["case"]: row[name] for row in chart.rows}


@pytest.mark.parametrize("chart", all_charts(CASES), ids=lambda chart: chart.name)
def test_every_chart_is_valid_and_holds_its_data(chart: Chart) -> None:
    chart.marks.to_dict(validate=True)
    found = specification(chart, ON_WHITE)
    assert found["datasets"]["rows"] == list(chart.rows)
    assert chart.title in found["description"]
    assert "http" not in str({name: value for name, value in found.items() if name != "$schema"})


def test_a_speedup_that_cannot_be_told_has_no_bar() -> None:
    taken = timed("m-ort-fp32-b1-cpu", 10, contention=0.7)
    chart = speed.speedups(Cases.of([*CASES, taken]))
    assert by(chart, "speedup") == {each.id: each.number("speedup") for each in CASES}
    assert speed.speedups(Cases.of([taken])) is None


def test_an_endless_interval_does_not_make_all_bars_short() -> None:
    wide = timed("m-ort-fp32-b1-cpu", 10)
    wide.sections["latency"].figures["speedup"] = Figure(2.0, "", "higher", low=1.0, high=900.0)
    chart = speed.speedups(Cases.of([EAGER, wide]))
    assert chart
    assert chart.marks.to_dict()["layer"][0]["encoding"]["x"]["scale"]["domainMax"] < 10


def test_the_front_has_the_cases_that_are_best_in_latency_or_throughput() -> None:
    slow = timed("m-ort-fp32-b8-cpu", 90, 2.0)
    front = by(speed.throughput(Cases.of([*CASES, slow])), "front")
    assert [case for case, best in front.items() if best] == [ROUGH.id]
    quicker = timed("m-ort-fp32-b1-cpu", 2, 9.0, throughput_per_s=100)
    front = by(speed.throughput(Cases.of([*CASES, quicker])), "front")
    assert {case for case, best in front.items() if best} == {ROUGH.id, quicker.id}


def test_a_distribution_keeps_its_highest_calls() -> None:
    calls = sorted(CALLS[EAGER.id])
    found = speed.slower(calls)
    assert len(found["ms"]) <= speed.POINTS + 1
    assert found["ms"][-speed.HIGHEST :] == speed.milliseconds(calls[-speed.HIGHEST :])
    assert found["slower"][0] == 1
    assert found["slower"][-1] == pytest.approx(1 / len(calls))
    for ms, share in zip(found["ms"], found["slower"], strict=True):
        assert share == pytest.approx(sum(call * 1e3 >= ms for call in calls) / 1000, abs=0.005)


def test_a_runtime_has_the_same_colour_in_all_charts() -> None:
    def domains(values: Any) -> list[Any]:
        if isinstance(values, list):
            return [found for each in values for found in domains(each)]
        if not isinstance(values, dict):
            return []
        own = [values["scale"]["domain"]] if values.get("field") == "runtime" else []
        return [*own, *domains(list(values.values()))]

    found = [each for chart in all_charts(CASES) for each in domains(chart.marks.to_dict())]
    assert len(found) > 4
    assert all(each == ["eager", "ov"] for each in found)


def test_exact_answers_have_a_place_on_the_axis_of_errors() -> None:
    exact = timed("m-ort-fp32-b1-cpu", 10, agreement={"relative_error": 0.0})
    errors = by(cost.exactness(Cases.of([EAGER, exact])), "error")
    assert errors == {EAGER.id: 1e-6, exact.id: cost.SMALLEST_ERROR}


def test_a_question_that_charts_do_not_know_is_drawn_by_its_headline() -> None:
    chart = judged.headlines("cold_start", Cases.of([COLD]))
    assert chart
    assert chart.rows[0]["value"] == pytest.approx((COLD.number(COLD.headlined) or 0) * 1e3)
    assert judged.headlines("agreement", Cases.of([make_record(status="failed")])) is None


def test_the_steps_of_a_request_are_drawn_one_behind_the_other_and_listed() -> None:
    slow, quick = (
        request({"decode": 4.0, "infer": 6.0}),
        request({"decode": 1.0, "infer": 6.0}, 1.4, "opencv"),
    )
    chart = budget.steps(Cases.of([slow, quick, EAGER]))
    assert chart
    assert [(row["step"], row["ms"]) for row in chart.rows] == [
        ("decode", 1.0), ("infer", 6.0), ("decode", 4.0), ("infer", 6.0),
    ]  # fmt: skip
    assert [row["share"] for row in chart.rows][2:] == [0.4, 0.6]
    assert budget.steps(Cases.of([EAGER])) is None
    assert any(each.name == "steps" for each in all_charts([slow, quick]))
    lines = steps.render([EAGER, slow, quick]).splitlines()
    assert lines[2].split() == [slow.id, "4", "40%", "6", "60%", "10"]
    assert len(lines) == 4
    assert steps.render([EAGER]) == ""


def test_colours_of_pictures_can_be_told_from_white() -> None:
    def luminance(colour: str) -> float:
        channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert len(ON_WHITE.runtimes) == base.RUNTIMES
    for colour in (*ON_WHITE.runtimes, ON_WHITE.ink, ON_WHITE.faint):
        assert 1.05 / (luminance(colour) + 0.05) >= 3


def test_charts_are_drawn_as_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = write_run(tmp_path, EAGER, QUICK, calls_s=CALLS[EAGER.id])
    assert main(["plot", str(run), "--chart", "speedup", "--format", "svg,png"]) == 0
    assert (run / "plots" / "m-speedup.png").read_bytes().startswith(b"\x89PNG")
    assert QUICK.backend in (run / "plots" / "m-speedup.svg").read_text()
    assert main(["plot", str(run), "--chart", "unknown"]) == 2
    assert "it has speedup, throughput" in capsys.readouterr().out
    assert main(["plot", str(run), "--format", "gif"]) == 2
    assert "'gif' is not one of png, svg, pdf" in capsys.readouterr().out


def test_memory_is_drawn_over_the_calls() -> None:
    record = timed("m-ort-fp32-b1-cpu", 10)
    assert memory.over_calls(Cases.of([record])) is None
    record.sections["latency"].details["looks"] = {"calls": [0, 10], "bytes": [1e8, 2e8]}
    chart = memory.over_calls(Cases.of([record]))
    assert chart
    assert [(row["call"], row["MB"]) for row in chart.rows] == [([0, 10], [100, 200])]
    chart.marks.to_dict()  # validates it
