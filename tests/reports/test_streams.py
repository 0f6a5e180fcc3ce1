"""Tests of the tables of streams of video, and of the sentence on what breaks first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tandem_reports.findings.base import Found
from tandem_reports.findings.video import breaks_first, larger
from tandem_reports.judging.watching import words
from tandem_reports.render import markdown, streams
from tandem_reports.render.remarks import notes
from tests.records import make_record, make_run, watching


def test_each_number_of_streams_has_a_row_with_all_its_frames() -> None:
    first, second = streams.render([watching(1, 0.97), make_record("n-b-fp32-b1-cpu")]).splitlines()[-2:]
    assert first.split() == [
        "b-fp32-b1", "1", "662", "600", "60", "2", "0.3%", "1.000", "10", "20", "1", "30%,",
        "10%", "3", "500", "yes",
    ]  # fmt: skip
    assert second.split()[1] == "2"
    assert second.split()[-1] == "no"


def test_ways_have_their_scores_and_the_share_of_each_run() -> None:
    ((_, table),) = streams.chosen([watching(1, 0.97), make_record("n-b-fp32-b1-cpu")])
    first, second = table.splitlines()[-2:]
    assert first.split() == ["fp32.every1", "10", "0.900", "0.800", "0.700", "0.600", "5", "75%", "75%"]
    assert second.split()[-1] == "25%"


def test_without_streams_there_is_no_table() -> None:
    assert streams.render([make_record()]) == ""
    assert list(streams.chosen([make_record()])) == []


@pytest.mark.parametrize(
    ("held", "busy", "decoding", "words"),
    [
        (1, 0.97, 0.1, "detector's thread is busy for 97% of the time: it saturates first, and detect"),
        (1, 0.5, 0.95, "a decoder is busy for 95% of the time: it saturates first"),
        (1, 0.5, 0.1, "busy for 50% of the time, so no stage is saturated"),
        (0, 0.97, 0.1, "no stream holds p99<50ms; with 2 streams"),
    ],
)
def test_a_sentence_says_what_breaks_first(held: int, busy: float, decoding: float, words: str) -> None:
    (finding,) = breaks_first(Found([watching(held, busy, decoding)], {}))
    assert words in finding.text


def test_what_more_streams_take_is_foretold_from_the_costs() -> None:
    (finding,) = larger(Found([watching(1, 0.97)], {}))
    assert (
        "100 streams need 38 processes like this one, with 2 cores each, and 3.31 × the time of a core"
        in finding.text
    )
    assert "one holds 2.66. A GPU that detects for all must take at most 0.266 ms" in finding.text
    assert "takes 6 threads beside it" in finding.text


def test_what_stops_a_load_in_steps_is_not_told_from_the_mean_of_its_steps() -> None:
    record = watching(1, 0.5)
    record.sections["video"].details["steps"] = [{"step": 1}, {"step": 2}]
    assert list(breaks_first(Found([record], {}))) == []


def test_nothing_is_foretold_where_it_was_measured_or_no_stream_held_or_one_broke() -> None:
    none, many, broken, steps, small = (watching(1, 0.97) for _ in range(5))
    small.sections["video"].details["emulated"] = "1 core"
    none.detail("watched")[0]["held"] = [False]
    many.detail("watched")[0]["streams"] = 100
    broken.detail("watched")[0]["broken"] = ["stream 1 ended"]
    steps.sections["video"].details["steps"] = [{"step": 1}, {"step": 2}]
    assert list(larger(Found([none, many, broken, steps, small], {}))) == []


def test_a_row_says_what_was_emulated_and_which_streams_ended() -> None:
    record = watching(1, 0.97)
    assert list(words(record)) == []
    record.sections["video"].details["emulated"] = "1 core, 2 GB"
    record.detail("watched")[0]["broken"] = ["stream 1 ended", "stream 2 ended"]
    assert list(words(record)) == ["emulated: 1 core, 2 GB", "2 streams ended early"]
    assert "2 streams ended early" in notes(record)


def test_charts_have_each_number_of_streams_and_the_choices_over_time() -> None:
    pytest.importorskip("altair")
    from tandem_reports.charts import streams as drawn
    from tandem_reports.charts.base import ON_WHITE, Cases, specification

    record = watching(1, 0.97)
    by_number, chosen = drawn.by_number(Cases.of([record])), drawn.chosen(1, record)
    assert by_number
    assert chosen
    assert [(each["streams"], each["p99"], each["held"]) for each in by_number.rows] == [
        (1, 20, "holds"),
        (2, 20, "breaks"),
    ]
    assert [(each["way"], each["from"], each["until"]) for each in chosen.rows] == [
        ("fp32.every2", 0, 5),
        ("fp32.every1", 5, 20),
    ]
    for chart in (by_number, chosen):
        chart.marks.to_dict(validate=True)
        height = specification(chart, ON_WHITE).get("height", 0)
        assert isinstance(height, int), "the page adds to it"


def test_a_record_without_streams_has_no_such_chart() -> None:
    pytest.importorskip("altair")
    from tandem_reports.charts import streams as drawn
    from tandem_reports.charts.base import Cases

    assert drawn.by_number(Cases.of([make_record()])) is None
    assert drawn.chosen(1, make_record()) is None


def test_steps_of_a_load_have_a_row_for_each_way_and_tell_what_broke() -> None:
    record, right = watching(1, 0.97), {"f1": 0.9}
    step = {"way": "controller", "captured": 100, "looked": 50, "late": 0, "dropped": 0, "accuracy": right}
    held, broken = {**step, "streams": 4, "held": True}, {**step, "streams": 12, "late": 5, "held": False}
    oracle = {**held, "way": "oracle", "taken": "bf16.every5"}
    record.sections["video"].details["steps"] = [held, broken, oracle, {**oracle, "streams": 12}]
    ((_, table),) = streams.stepped([record])
    header, _, controller, best = table.splitlines()
    assert header.split() == ["way", "with", "4", "with", "12", "F1"]
    assert controller.split() == ["controller", "0.900", "0.900,", "10.0%", "late"]
    assert best.split() == ["oracle", "0.900,", "bf16.every5", "0.900,", "bf16.every5", "0.900"]


def test_the_summary_and_the_page_have_the_tables_too() -> None:
    record = replace(watching(1, 0.97), agreement={"relative_error": 0.0})
    run = make_run(record, reference="eager-fp32")
    records = list(run.records.values())
    summary = markdown.render(records, run.environment, run.settings)
    assert "## Streams of video" in summary
    assert "## Ways of the controller of" in summary
    told = [table for _, table, _ in streams.sections(records, "html")]
    assert len(told) == 2
    assert all(each.startswith("<table>") for each in told)
