"""Tests of the note on page faults: it appears if they cost much of a call, of the case or its reference."""

from __future__ import annotations

from typing import Any

from tandem_reports.judging import page_faults
from tandem_reports.render import remarks
from tests.records import make_record

SPEEDUP = {"estimate": 10.0, "low": 9.0, "high": 11.0, "over": "invocations", "reference": "eager-fp32"}


def test_a_case_that_pays_in_some_of_its_processes_is_told_with_what_helps() -> None:
    record = make_record(p50_s=2e-3, page_faults={"candidate": [570.0, 0.1, 569.0]})
    (line,) = page_faults.words(record)
    assert line == (
        "it makes 570 page faults a call in 2 of 3 processes, some 40% of its time: "
        "--allocator glibc-keeping avoids them"
    )


def test_a_reference_that_pays_is_told_in_the_rows_of_others() -> None:
    faults = {"candidate": [0.0], "reference": [570.0], "yardstick": [900.0]}
    record = make_record(p50_s=2e-4, speedup=SPEEDUP, page_faults=faults, agreement={"relative_error": 0.0})
    (line,) = page_faults.words(record)
    assert line.startswith(
        "eager-fp32 makes 570 page faults a call in all processes, some 40% of its time: --allocator"
    )
    assert line in remarks.notes(record)


def test_faults_that_cost_next_to_nothing_are_no_news() -> None:
    assert page_faults.words(make_record(p50_s=1.0, page_faults={"candidate": [570.0]})) == []
    assert page_faults.words(make_record(p50_s=1.0)) == []


def test_an_estimate_above_the_call_itself_is_no_number() -> None:
    (line,) = page_faults.words(make_record(p50_s=1e-4, page_faults={"candidate": [570.0]}))
    assert "in all processes, most of its time" in line


def test_a_row_does_not_point_to_itself() -> None:
    faults = {"candidate": [570.0], "reference": [570.0]}
    fields: dict[str, Any] = {"p50_s": 2e-3, "speedup": SPEEDUP | {"estimate": 1.0}, "page_faults": faults}
    (line,) = page_faults.words(make_record("m-eager-fp32-b1-cpu", **fields))
    assert line.startswith("it makes")
    versus = make_record(**fields)
    versus.sections["latency"].details["other"] = {"missing": None, "versions": {}}
    (line,) = page_faults.words(versus)
    assert line.startswith("it makes")
