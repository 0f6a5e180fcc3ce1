"""Tests of what reports tell of servers and of their faults."""

from __future__ import annotations

from typing import Any

from tandem_reports.judging.servers import around_one_session, behind
from tandem_reports.records.record import Section
from tandem_reports.render import faults, servers
from tests.loads import loaded, served
from tests.records import make_record


def test_a_table_has_the_parts_of_a_query_and_the_price_of_a_server() -> None:
    drawn = servers.render([served("litserve", 90), loaded()])
    assert "9 " in drawn
    assert "4 (3 to 5)" in drawn
    assert "2000" in drawn  # ms until it was ready
    assert servers.render([loaded()]) == ""


def test_only_servers_around_one_session_are_compared() -> None:
    one, other, apart = served("litserve", 90), served("triton", 120), served("ray-serve", 50)
    apart.case["backend"] = "ort"
    assert list(around_one_session([one, other, apart, loaded()])) == [[one, other]]
    assert behind([one, loaded()]) == [one]


def test_batchings_that_were_sought_stand_in_order_of_what_they_serve() -> None:
    record = served("litserve", 90)
    sought = {"foretold": {"8@5ms": 100.0, "none": 60.0}, "measured": {"none": 66.0, "8@5ms": 92.0}}
    record.sections["serving"].details["sought"] = [sought]
    lines = servers.sought([record]).splitlines()
    assert lines[2].split()[1:] == ["8@5ms", "100", "92", "1.09"]
    assert lines[3].split()[1:] == ["none", "60", "66", "0.91"]
    assert servers.sought([served("litserve", 90)]) == ""


def test_a_fault_has_its_queries_errors_and_losses() -> None:
    told: dict[str, Any] = {
        "fault": "a replica is killed", "reply": "", "queries": 20, "answered": 15, "unanswered": 1,
        "errors": {"HTTP 500": 2, "TimeoutError": 2}, "recovered_s": None, "outage_s": None, "wasted": 3,
        "memory_before": 1e8, "memory_after": 0,
    }  # fmt: skip
    record = make_record()
    record.sections["faults"] = Section({}, {"server": {"name": "litserve"}, "endured": [told]})
    (row,) = faults.render([record]).splitlines()[2:]
    assert "20" in row
    assert row.split()[-8:] == ["3", "no", "end", "no", "3", "100", "to", "0"]
    assert faults.render([make_record()]) == ""
