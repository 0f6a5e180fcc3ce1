"""Tests of the table of a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tandem_reports.records.record import Record
from tandem_reports.render import fitted
from tests.records import make_record, timed

RECORDS = [
    timed("mobilenet_v3_small-eager-fp32-b1-cpu", 20),
    timed("mobilenet_v3_small-onnxruntime-fp32-b8-cpu", 80, p90_s=0.09),
    timed(
        "mobilenet_v3_small-onnxruntime-int8dynamic-b1-cpu", 10, p90_s=0.012, contention=0.2, contended=True
    ),
    timed("resnet50-openvino-fp32-b1-cpu", 12, p90_s=0.013),
    timed("resnet50-eager-fp32-b1-cpu", 40, contention=0.2, contended=True),
]


def test_at_eighty_columns_the_columns_of_a_decision_are_there_and_no_line_is_wider() -> None:
    lines = fitted.render(RECORDS, 80)
    assert max(map(len, lines)) <= 80
    assert lines[0].split() == ["p50", "ms", "speedup", "95", "%", "interval", "error"]


@pytest.mark.parametrize("width", [60, 100, 120, 160, 240])
def test_more_room_shows_more_columns_and_never_a_wider_line(width: int) -> None:
    lines = fitted.render(RECORDS, width)
    assert max(map(len, lines)) <= width
    fewer = fitted.render(RECORDS, width - 20)[0].split()
    assert len(fewer) <= len(lines[0].split())
    assert ("build s" in lines[0]) == (width >= 160)


def test_the_quickest_case_of_a_model_is_first_and_marked() -> None:
    lines = fitted.render(RECORDS, 100)
    names = [line.split()[:2] for line in lines[1:]]
    assert names[:4] == [
        ["mobilenet_v3_small"],
        ["*", "onnxruntime-int8dynamic-b1"],
        ["eager-fp32-b1", "20"],
        ["onnxruntime-fp32-b8", "80"],
    ]
    assert names[4:6] == [["resnet50"], ["*", "openvino-fp32-b1"]]
    assert "*: the quickest call of its model" in lines


def test_a_note_is_a_mark_and_stands_once_below() -> None:
    lines = fitted.render(RECORDS, 100)
    (note,) = [line for line in lines if "contended" in line]
    assert note.startswith("1: contended: the cores were taken for 20% of the time by others")
    marked = [line for line in lines if "b1" in line and "1" in line.rpartition("e-06")[2].split()]
    assert len(marked) == 2


def test_an_empty_percentile_says_what_would_fill_it() -> None:
    text = " ".join(fitted.render(RECORDS, 240))
    assert "p90 unknown, 36 of 64 calls: --tail p90 measures it" in text
    assert "p90 unknown" not in " ".join(fitted.render(RECORDS, 80)), "its column is not shown"


def test_an_interval_of_two_processes_says_so() -> None:
    two = Record.from_dict(RECORDS[0].to_dict())
    ratio = two.sections["latency"].figures["speedup"]
    two.sections["latency"].figures["speedup"] = replace(ratio, values=(1.0, 1.1))
    assert any("interval of two processes" in line for line in fitted.render([two], 100))


def test_a_scenario_with_figures_of_its_own_has_a_table_of_its_own() -> None:
    cold = replace(RECORDS[0], id=f"{RECORDS[0].id}@cold_start", scenario="cold_start")
    lines = fitted.render([*RECORDS, cold], 100)
    assert [line for line in lines if line.startswith("mobilenet")] == [
        "mobilenet_v3_small",
        "mobilenet_v3_small, cold start",
    ]


def test_without_a_timed_case_there_is_no_table() -> None:
    assert fitted.render([make_record("m-b-fp32-b1-cpu", status="failed")], 80) == []


def test_a_remark_on_all_rows_has_no_marks() -> None:
    lines = fitted.render([replace(each, contended=True, contention=0.2) for each in RECORDS], 80)
    assert "all: contended: the cores were taken for 20% of the time by others" in lines
    assert not [line for line in lines if line.endswith(" 1")]
