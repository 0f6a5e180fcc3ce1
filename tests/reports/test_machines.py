"""Tests of runs over several machines: no machine is compared with another, and each is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tandem_reports.__main__ import main
from tandem_reports.judging import fleet, prices
from tandem_reports.judging.best import BOUNDED, Limit, by_latency, by_throughput, choose
from tandem_reports.judging.tradeoff import pareto
from tandem_reports.machine import environment
from tandem_reports.records.placed import at, bare, named, place
from tandem_reports.records.record import Record
from tandem_reports.records.results import Results, read
from tandem_reports.records.verdict import MISSING, REGRESSED, Verdict
from tandem_reports.render import answer, markdown, table
from tests.records import MACHINE, timed

VERSIONS = {"interpreter": "/usr/bin/python", "python": "3.11.7", "versions": {"torch": "2.15.0"}}
TOLD = {"fingerprint": "f-2", "machine": MACHINE, "elsewhere": {}, **VERSIONS}
SETTINGS = {"reference": "eager-fp32", "threads": 2}


def on(machine: str, case: str, ms: float, **changes: Any) -> Record:
    return at(timed(case, ms, **changes), machine, TOLD)


QUICK, SLOW = on("big", "m-ov-fp32-b1-cpu", 5), on("small", "m-ov-fp32-b1-cpu", 20)
MIDDLE = on("small", "m-ort-fp32-b1-cpu", 10)
ALL = [QUICK, SLOW, MIDDLE]


def run_environment() -> dict[str, Any]:
    kept = {**fleet.machine(TOLD, SETTINGS), "nodes": ["n1", "n2"]}
    return {**TOLD, "command": "pytest benches --fleet auto", "machines": {"big": kept, "small": kept}}


@pytest.mark.parametrize("name", ["m-ov-fp32-b1-cpu", "m-ov-fp32-b1-cpu@load"])
def test_the_name_of_a_machine_can_be_taken_off_again(name: str) -> None:
    assert bare(place(name, "a+b"), "a+b") == name
    assert bare(place(name, "b"), "c") == place(name, "b")


def test_a_record_of_a_machine_carries_its_environment_and_its_verdict() -> None:
    verdict = Verdict("m-ov-fp32-b1-cpu", REGRESSED).to_dict()
    record = on("big", "m-ov-fp32-b1-cpu", 5, verdict=verdict)
    assert (record.id, record.machine, record.environment) == ("m-ov-fp32-b1-cpu+big", "big", VERSIONS)
    assert record.verdict
    assert record.verdict["case"] == record.id
    assert timed("m-ov-fp32-b1-cpu", 5).machine == ""


@pytest.mark.parametrize("name", ["m-ov-fp32-b1-cpu", "m-ov-fp32-b1-cpu@load"])
def test_a_failure_names_the_case_with_its_machine_and_no_other_case(name: str) -> None:
    text = f"Regressed: {name} is 20.0% slower than m-ov-fp32-b1-cpu-2 and {place(name, 'b')}"
    assert named(text, name, "big") == text.replace(f": {name}", f": {place(name, 'big')}")
    record = at(timed("m-ov-fp32-b1-cpu", 5, outcome="m-ov-fp32-b1-cpu leaks"), "big")
    assert record.outcome == "m-ov-fp32-b1-cpu+big leaks"


def test_machines_are_not_compared_and_each_has_its_choice() -> None:
    assert pareto(ALL) == {QUICK.id, MIDDLE.id}
    titles = {choice.title: choice.qualified[0].id for choice in choose(ALL, [], by_latency)}
    assert titles == {"m, on big": QUICK.id, "m, on small": MIDDLE.id}
    assert [words.partition(":")[0] for words in answer.sentences(ALL)] == ["m, on small"]


def test_with_prices_the_cheapest_machine_that_holds_the_limit_is_the_best() -> None:
    found = prices.read(["big=0.4/h", "small=0.12/h"], ALL)
    limit = Limit("--p50 15ms", BOUNDED["p50"], 0.015)
    (choice,) = choose(ALL, [limit], by_latency, found)
    assert [each.id for each in choice.qualified] == [MIDDLE.id, QUICK.id]
    (choice,) = choose(ALL, [Limit("--p50 8ms", BOUNDED["p50"], 0.008)], by_latency, found)
    assert [each.id for each in choice.qualified] == [QUICK.id]


def test_by_throughput_the_cheapest_sample_is_the_best() -> None:
    found = prices.read(["big=0.4/h", "small=0.25/h"], ALL)
    (choice,) = choose(ALL, [], by_throughput, found)
    assert choice.qualified[0].id == QUICK.id  # twice the samples for 1.6 times the price
    assert found
    assert found.of_samples(QUICK, 720_000) == pytest.approx(0.4)


def test_a_machine_without_a_price_is_no_choice_and_the_remedy_is_told() -> None:
    (choice,) = choose(ALL, [], by_latency, prices.read(["small=0/h"], ALL))
    assert {each.machine for each in choice.qualified} == {"small"}
    (excluded,) = choice.excluded
    assert (excluded.record.id, excluded.limit) == (QUICK.id, "--price big=0.12/h tells it")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("small=0.12", "'small=0.12' is not a machine and its price an hour, such as xeon=0.12/h"),
        ("huge=1/h", "the run has no machine 'huge'; it has big, small"),
        ("small=1.2.3/h", "'1.2.3' is not a number from 0"),
    ],
)
def test_a_wrong_price_is_refused(words: str, told: str) -> None:
    with pytest.raises(ValueError, match="--price") as caught:
        prices.read([words], ALL)
    assert told in str(caught.value)


def test_table_summary_page_and_file_show_the_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = Results(tmp_path, run_environment(), SETTINGS)
    results.add_all([(record, None, {}) for record in ALL])
    assert [each["case"]["machine"] for each in read(tmp_path)["records"]] == ["big", "small", "small"]
    assert "  machine  " in table.render(ALL)
    assert "machine" not in table.render([timed("m-ov-fp32-b1-cpu", 5)])
    assert table.short_names(ALL)[QUICK.id] == "ov-fp32-b1 on big"
    assert table.short_names([SLOW, MIDDLE])[SLOW.id] == "ov-fp32-b1"
    text = markdown.render(ALL, results.environment, SETTINGS)
    assert "small: a processor, 2 cores, 2 nodes, Python 3.11.7; torch 2.15.0." in text
    assert main(["page", str(tmp_path)]) == 0
    page = (tmp_path / "index.html").read_text()
    assert "<p>big: a processor, 2 cores, 2 nodes, Python 3.11.7; torch 2.15.0.</p>" in page
    assert main(["best", str(tmp_path), "--price", "small=0.12/h", "--price", "big=0.4/h"]) == 0
    assert "0.12/h  0.333 for a million samples" in capsys.readouterr().out


def test_a_resumed_run_still_knows_its_machines(tmp_path: Path) -> None:
    results = Results(tmp_path, run_environment(), SETTINGS)
    results.add(QUICK)
    again = Results.reopen(tmp_path, {name: run_environment()[name] for name in TOLD}, SETTINGS)
    assert again.environment["machines"].keys() == {"big", "small"}
    assert QUICK.id in again.resumed


def test_two_machines_of_a_kind_that_differ_are_told_apart() -> None:
    one = fleet.machine(TOLD, SETTINGS)
    assert fleet.differences(one, fleet.machine(TOLD | {"interpreter": "/other"}, SETTINGS)) == ""
    other = fleet.machine(
        TOLD | {"fingerprint": "f-4", "versions": {"torch": "2.14.0"}}, SETTINGS | {"threads": 4}
    )
    words = fleet.differences(one, other)
    assert "fingerprint 'f-2' and 'f-4'" in words
    assert "torch 2.15.0 → 2.14.0" in words
    assert "'threads': 4" in words


def test_what_the_saved_runs_of_a_machine_have_is_missing_there_alone() -> None:
    told = {
        "missing": [Verdict("m-x-fp32-b1-cpu", MISSING, "0001").to_dict()],
        "baselines": {"m-ov-fp32-b1-cpu": "0001", "m-ort-fp32-b1-cpu": "0001"},
    }
    skipped = on("small", "m-ov-fp32-b1-cpu", 1, status="skipped", outcome="no such package")
    found = fleet.missing(
        "small", told, [skipped, MIDDLE, on("big", "m-ort-fp32-b1-cpu", 1, status="skipped")]
    )
    assert [(each.case, each.reason) for each in found] == [
        ("m-x-fp32-b1-cpu+small", ""),
        ("m-ov-fp32-b1-cpu+small", "no such package"),
    ]


def test_a_named_kind_of_machine_has_a_fingerprint_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = environment.fingerprint(environment.describe_machine())
    monkeypatch.setenv("TANDEM_KIND", "xeon")
    assert environment.describe_machine()["kind"] == "xeon"
    assert environment.fingerprint(environment.describe_machine()) != plain
