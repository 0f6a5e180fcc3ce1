"""Tests of the best case within limits, against a search over all cases."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem_reports.__main__ import main
from tandem_reports.judging.best import (
    BOUNDED,
    Limit,
    by_latency,
    by_throughput,
    choose,
    read_bound,
)
from tandem_reports.records.record import Figure, Record
from tandem_reports.render import answer
from tandem_reports.render import best as rendering
from tests.records import timed, write_run

COMMAND = "pytest benches --threads 2 --budget=0.5 --benchmark-autosave"


def record(case: str, p50_ms: float, error: float = 1e-6, **changes: Any) -> Record:
    return timed(case, p50_ms, agreement={"relative_error": error}, **changes)


SLOW = record("m-eager-fp32-b1-cpu", 20)
FAST = record("m-ov-fp32-b1-cpu", 10, p90_s=0.012)
ROUGH = record("m-ov-int8-b1-cpu", 4, error=0.05, p90_s=0.005)
BATCH = record("m-ov-fp32-b8-cpu", 40, p90_s=0.045)
NOISE = record("m-ort-int8-b1-cpu", 1, error=0.9)
ALL = [SLOW, FAST, ROUGH, BATCH, NOISE]


def limit(name: str, words: str) -> Limit:
    return Limit(f"--{name} {words}", BOUNDED[name], BOUNDED[name].read(words))


def ids(records: Any) -> list[str]:
    return [each.id for each in records]


def test_without_limits_the_quickest_call_is_the_best_and_noise_is_no_choice() -> None:
    (choice,) = choose(ALL, [], by_latency)
    assert ids(choice.qualified) == ids([ROUGH, FAST, SLOW, BATCH])
    assert [(each.record.id, each.reason) for each in choice.excluded] == [
        (NOISE.id, "its answers are noise")
    ]


def test_a_limit_excludes_what_is_above_it_and_what_is_not_known() -> None:
    (choice,) = choose(ALL, [limit("p90", "20ms"), limit("max-error", "1%")], by_latency)
    assert ids(choice.qualified) == [FAST.id]
    found = {(each.record.id, each.limit): each.reason for each in choice.excluded}
    assert found[ROUGH.id, "--max-error 1%"] == "error 5%"
    assert found[BATCH.id, "--p90 20ms"] == "p90 45 ms"
    assert found[SLOW.id, "--p90 20ms"] == "p90 unknown, 36 of 64 calls: --tail p90 measures it"


def test_throughput_under_a_bound_prefers_the_batch_that_keeps_it() -> None:
    assert choose(ALL, [read_bound("p90<100ms")], by_throughput)[0].qualified[0] == ROUGH
    exact = [each for each in ALL if each is not ROUGH]
    assert choose(exact, [read_bound("p90 < 100ms")], by_throughput)[0].qualified[0] == BATCH
    assert choose(exact, [read_bound("p90<20ms")], by_throughput)[0].qualified[0] == FAST


def test_where_nothing_qualifies_the_nearest_miss_is_named() -> None:
    (choice,) = choose([SLOW, FAST, ROUGH], [limit("p50", "8ms"), limit("max-error", "1%")], by_latency)
    assert choice.qualified == []
    assert choice.nearest
    assert (choice.nearest.record, choice.nearest.reason) == (FAST, "p50 10 ms")
    text = rendering.render([choice], COMMAND)
    assert f"nearest: {FAST.id}: p50 10 ms (--p50 8ms)" in text


LIMITS: dict[str, tuple[str, float, Callable[[Any], float]]] = {
    "p50": ("ms", 1e-3, lambda one: one.number("p50")),
    "max-memory": ("MB", 1e6, lambda one: one.number("peak_rss")),
    "max-artifact": ("MB", 1e6, lambda one: one.number("artifact")),
    "max-error": ("%", 1e-2, lambda one: one.agreement["relative_error"]),
}


@given(
    st.lists(
        st.tuples(
            *[st.integers(1, 30)] * 4,
            st.sampled_from([1, 4]),
        ),
        min_size=1,
        max_size=6,
    ),
    st.dictionaries(st.sampled_from([*LIMITS]), st.integers(1, 30)),
    st.booleans(),
)
def test_the_best_is_that_of_a_search_over_all_cases(
    figures: list[tuple[int, ...]], asked: dict[str, int], throughput: bool
) -> None:
    records = [
        record(
            f"m-b{at}-fp32-b{batch}-cpu",
            p50,
            error=error / 100,
            peak_rss_bytes=memory * 1e6,
            artifact_bytes=artifact * 1e6,
        )
        for at, (p50, error, memory, artifact, batch) in enumerate(figures)
    ]
    limits = [limit(name, f"{most}{LIMITS[name][0]}") for name, most in asked.items()]
    order = by_throughput if throughput else by_latency
    (choice,) = choose(records, limits, order)
    best = math.inf
    for one in records:
        within = all(
            LIMITS[name][2](one) <= most * LIMITS[name][1] * (1 + 1e-12) for name, most in asked.items()
        )
        if within:
            best = min(best, order(one))
    assert (order(choice.qualified[0]) if choice.qualified else math.inf) == best


def test_cases_that_do_other_work_do_not_compete() -> None:
    small = replace(FAST, id="small", case={**FAST.case, "side": 96})
    copied = replace(FAST, id="copied", case={**FAST.case, "transfer": "host"})
    choices = choose([FAST, small, copied], [], by_latency)
    assert [choice.title for choice in choices] == ["m", "m, 96 px", "m, copies included"]
    assert [ids(choice.qualified) for choice in choices] == [[FAST.id], ["small"], ["copied"]]


def test_two_that_cannot_be_told_apart_are_said_to_be_so() -> None:
    def said(*cases: Record) -> str:
        return rendering.render(choose(cases, [], by_latency), COMMAND)

    near = record("m-ort-fp32-b1-cpu", 10.2)
    assert "the runner-up may be as quick: their intervals overlap" in said(FAST, near)
    assert "as quick" not in said(FAST, SLOW)
    assert "as quick" not in said(FAST, BATCH), "another batch"
    quicker = record("m-ort-fp32-b1-cpu", 10.2)
    quicker.sections["latency"].figures["speedup"] = Figure(3.0, "", "higher", low=2.9, high=3.1)
    assert "as quick: in turn with the reference it is the faster one" in said(FAST, quicker)


def test_the_command_measures_the_case_again_as_the_run_did() -> None:
    chosen = replace(FAST, options=["--models", "m", "--backends", "ov"])
    found = rendering.again(chosen, COMMAND)
    assert found == "tandem bench --models m --backends ov --threads 2 --budget=0.5"
    of_threads = replace(FAST, options=["--models", "m", "--threads", "1"])
    assert rendering.again(of_threads, COMMAND) == "tandem bench --models m --threads 1 --budget=0.5"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_run(tmp_path, *ALL)


def test_the_command_prints_the_best_for_people_and_for_scripts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["best", str(folder), "--max-error", "1%"]) == 0
    text = capsys.readouterr().out
    assert f"best       {FAST.id}" in text
    assert f"excluded: 2 cases, for example {ROUGH.id}: error 5% (--max-error 1%)" in text
    assert main(["best", str(folder), "--max-error", "1%", "--format", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["best"]["id"], found["runner_up"]) == (FAST.id, SLOW.id)
    assert main(["best", str(folder), "--p50", "1ms"]) == 1
    assert "nothing qualifies" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--p99", "20"], "--p99: '20' is not a number and its unit, such as 20ms (us, ms, s)"),
        (["--max-memory", "5 bananas"], "--max-memory: '5 bananas' is not a number and its unit"),
        (["--max-error", "x"], "--max-error: 'x' is not a share, such as 1%"),
        (["--throughput-at", "p42<1ms"], "'p42<1ms' is not a percentile and its limit"),
        (["--throughput-at", "p95<fast"], "'fast' is not a number and its unit"),
    ],
)
def test_a_limit_that_cannot_be_read_is_an_error(
    folder: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["best", str(folder), *words]) == 2
    assert message in capsys.readouterr().out


def test_the_answer_of_a_run_is_a_few_sentences_a_model() -> None:
    (text,) = answer.sentences(ALL)
    assert text == (
        f"m: the quickest call is {ROUGH.id}, 4 ms, 5.00 times as fast as eager-fp32 (4.75 – 5.25), error "
        "5.0e-02. Its answers are 5% off: score them on labelled data, or inspect them, first. "
        f"{NOISE.id} is faster, but its answers are noise. It also has the highest throughput, 250 "
        f"samples/s. In fp32 the quickest is {FAST.id}, 10 ms, 2.00 times as fast as eager-fp32 (1.90 – "
        "2.10), error 1.0e-06."
    )
    (text,) = answer.sentences([SLOW, FAST, BATCH])
    assert f"The highest throughput is that of {BATCH.id}, 200 samples/s, error 1.0e-06." in text
    assert answer.sentences([FAST]) == [], "one case is no choice"
    (text,) = answer.sentences([FAST, record("m-ort-fp32-b1-cpu", 10.2)])
    assert "m-ort-fp32-b1-cpu may be as quick: their intervals overlap. It also has" in text


def test_weights_that_are_random_are_named_beside_the_answers() -> None:
    (words,) = answer.caveats([FAST, replace(FAST, weights="seeded")])
    assert "the speeds hold for trained ones, errors and accuracies do not" in words
    assert answer.caveats([FAST]) == []


@pytest.mark.parametrize(
    ("style", "words"),
    [
        ("text", "*   m-ov-int8-b1-cpu"),
        ("md", "| m-ov-int8-b1-cpu "),
        ("html", "<td>m-ov-int8-b1-cpu"),
        ("csv", "\nm-ov-int8-b1-cpu,m,ov,int8,1,cpu,"),
        ("json", '"id": "m-ov-int8-b1-cpu"'),
    ],
)
def test_the_table_of_a_run_has_several_formats(
    folder: Path, style: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["table", str(folder), "--format", style]) == 0
    assert words in capsys.readouterr().out


def test_a_run_of_another_scenario_has_a_table_of_its_own_and_no_choice(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads((folder / "results.json").read_text())
    start = {"figures": {"start": {"value": 0.3, "unit": "s"}}, "columns": ["start"]}
    document["records"] = [
        {**each, "scenario": "cold_start", "sections": {"cold_start": start}} for each in document["records"]
    ]
    (folder / "results.json").write_text(json.dumps(document))
    assert main(["table", str(folder)]) == 0
    assert "start ms" in capsys.readouterr().out
    assert main(["best", str(folder)]) == 1
    assert "no case has a latency: this run asked for cold start" in capsys.readouterr().out
