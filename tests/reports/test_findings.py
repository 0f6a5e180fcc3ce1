"""Tests of the findings: each rule has data in which it speaks, and data in which it stays silent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tandem_reports import findings
from tandem_reports.findings import RULES, cost, loads, requests, scale, serving, speed, video
from tandem_reports.findings.base import Found
from tandem_reports.records.record import Record, Section
from tandem_reports.render import answer
from tests import records as given
from tests.findings import roofed, threaded, with_speeds
from tests.loads import at_once, endured, level, loaded, searched, served
from tests.records import case, costing, make_record, request

HERE = {"isa": ["avx2"]}

EAGER = case("m-eager-fp32-b1-cpu", 20, 1.0)
GRAPH = case("m-ort-fp32-b1-cpu", 10, 2.0)
LARGE = "m-ort-fp32-b32-cpu"
OUTCOME = "Disagreement: m-ort-int8-b1-cpu is off: noise error 0.621, limit 0.424"
FAILED = make_record("m-ort-int8-b1-cpu", status="failed", outcome=OUTCOME)
GROWING = [
    case(f"m-ort-fp32-b{batch}-cpu", batch, 1.0, peak_rss_bytes=(90 + 4 * batch) * 1e6) for batch in (1, 4, 8)
]
SLOW = {"samples": ["a.jpg"], "times": 30.2, "seconds": 0.2, "step": "decode"}
PRUNED = case(
    "m-ort-fp32-b1-cpu",
    10,
    2.0,
    id="pruned",
    compression="prune-unstructured-50",
    network={"zeros": 9, "distance": 0.1},
)


def growing(outcome: str, leaks: bool) -> Record:
    name = "m-ort-fp32-b1-cpu"
    record = make_record(name, id=f"{name}@memory", scenario="memory", outcome=outcome)
    record.sections["memory"] = Section({}, {"leaks": leaks})
    return record


#: By the rule: records in which it speaks, a part of what it says, and records in which it has to be silent.
DATA: dict[Callable[..., Any], tuple[Sequence[Record], str, Sequence[Record]]] = {
    cost.refused: ([FAILED], "its error of 0.621 is above the limit of 0.424", [EAGER]),
    speed.without_gain: (
        [GRAPH, case("m-ort-bf16-b1-cpu", 10, 2.0)],
        "bf16 is at most 1.04 times as fast as fp32 in ort: this processor has no instructions for it",
        [GRAPH, case("m-ort-bf16-b1-cpu", 9, 2.0, width=0.2)],
    ),
    speed.quantised_batches: (
        [
            GRAPH, case("m-ort-int8-b1-cpu", 15, 1.3),
            case("m-ort-fp32-b8-cpu", 80, 2.0), case("m-ort-int8-b8-cpu", 40, 4.0),
        ],
        "slower than fp32 at batch 1 (0.65x), faster at batch 8 (2.00x)",
        [
            GRAPH, case("m-ort-int8-b1-cpu", 15, 1.3, width=0.8),
            case("m-ort-fp32-b8-cpu", 80, 2.0), case("m-ort-int8-b8-cpu", 40, 4.0),
        ],
    ),
    speed.graph_runtime: (
        [EAGER, GRAPH],
        "ort is 2.00 times as fast",
        [EAGER, case("m-ort-fp32-b1-cpu", 10, 1.02)],
    ),
    speed.near_roof: (
        [roofed(0.82)],
        "reaches 82% of what this machine can do in fp32 (its limit is the multiplications)",
        [roofed(0.6)],
    ),
    speed.tensorrt: (
        [case("m-onnxruntime-fp16-b1-cuda", 10, 2.0), case("m-tensorrt-fp16-b1-cuda", 12, 1.6)],
        "ONNX Runtime's CUDA provider is 1.25 times as fast as tensorrt in fp16",
        [case("m-onnxruntime-fp16-b1-cuda", 10, 2.0), case("m-tensorrt-fp16-b1-cuda", 12, 1.6, width=0.3)],
    ),
    scale.batching: (
        [costing("m-ort-fp32-b1-cpu", 1.0), costing("m-ort-fp32-b8-cpu", 4.0)],
        "batch 8 gives at least 1.92 times the samples a second of batch 1, and a call takes at least 3.8",
        [costing("m-ort-fp32-b1-cpu", 1.0), costing("m-ort-fp32-b8-cpu", 8.0)],
    ),
    scale.knees: (
        [costing(f"m-ort-fp32-b{batch}-cpu", turns) for batch, turns in ((1, 1.0), (2, 1.5), (4, 2.95))],
        "m in ort, fp32: from batch 2 on, twice the batch brings less than 10% more samples a second.",
        [costing(f"m-ort-fp32-b{batch}-cpu", turns) for batch, turns in ((1, 1.0), (2, 1.5), (4, 2.8))],
    ),
    scale.threads_in_vain: (
        [threaded(1, 1.0), threaded(2, 0.98)],
        "2 threads are at most 1.06 times as fast as 1",
        [threaded(1, 1.0), threaded(2, 0.6)],
    ),
    speed.scripting: (
        [case("m-torchscript-fp32-b1-cpu", 20, 1.01)],
        "TorchScript changes nothing",
        [case("m-torchscript-fp32-b1-cpu", 20, 1.01, width=0.3)],
    ),
    speed.falling_throughput: (
        [costing("m-ort-fp32-b1-cpu", 1.0), costing("m-ort-fp32-b8-cpu", 4.0), costing(LARGE, 20.0)],
        "highest throughput at batch 8 (200 samples/s; 160 at batch 32)",
        [costing("m-ort-fp32-b1-cpu", 1.0), costing("m-ort-fp32-b8-cpu", 4.0), costing(LARGE, 16.5)],
    ),
    speed.jitter: (
        [case("m-ort-fp32-b1-cpu", 10, 2.0, p99_s=0.031)],
        "p99 is 3.1 times p50 (31 ms)",
        [case("m-ort-fp32-b1-cpu", 10, 2.0, p99_s=0.012)],
    ),
    speed.two_speeds: (
        [with_speeds(share=0.5)],
        "has two speeds, 8.3 and 12 ms: 50% of its 12 processes, in this run and the saved ones, got the",
        [case("m-ort-fp32-b1-cpu", 10, 2.0)],
    ),
    cost.pruned_in_vain: (
        [GRAPH, PRUNED],
        "its zeros are stored and multiplied like other weights",
        [GRAPH, case("m-ort-fp32-b1-cpu", 5, 4.0, id="pruned", compression="prune-channels-30")],
    ),
    cost.unpaid_build: (
        [case("m-ort-fp32-b1-cpu", 0.1, 1.1, build_s=30.0)],
        "3,000,000 calls win back 30 s of building",
        [GRAPH],
    ),
    requests.budget: (
        [request({"decode": 2.0, "infer": 7.1, "copy": 0.9})],
        "infer is 71% of a request: even an infinitely fast infer makes it only 3.4 times as fast",
        [EAGER],
    ),
    requests.prepared_otherwise: (
        [
            request({"decode": 5.0, "infer": 5.0}),
            request(
                {"decode": 2.0, "infer": 5.0}, 1.4, "opencv", likeness={"first": "pil", "psnr_db": 38.2}
            ),
        ],
        "opencv is the quickest way to prepare a batch: milliseconds are opencv 2, pil 5 (inputs within",
        [request({"decode": 5.0, "infer": 5.0}), request({"decode": 4.95, "infer": 5.0}, 1.01, "opencv")],
    ),
    requests.slow_samples: (
        [request({"infer": 5.0}, slow=SLOW)],
        "a.jpg takes 30 times as long as most (200 ms), in decode",
        [request({"infer": 5.0}, slow=None)],
    ),
    requests.colder: (
        [request({"infer": 6.0, "infer_alone": 5.0})],
        "the network takes 1.20 times as long inside a request as in a loop",
        [request({"infer": 5.05, "infer_alone": 5.0})],
    ),
    cost.leaking: (
        [growing("m leaks: its memory grows by 4.12 KB a call", leaks=True)],
        "m leaks: its memory grows by 4.12 KB a call.",
        [growing("", leaks=False)],
    ),
    loads.tails: (
        [loaded(level(0.5, 12, 24), level(0.7, 20, 82))],
        "p99 is 4.1 times p50 at 70% utilisation (82 ms): expected for Poisson arrivals",
        [loaded(level(0.7, 20, 82, late=True))],
    ),
    loads.batches_formed: (
        [searched(84, "none"), searched(131, "8@5ms")],
        "m in ov, fp32: batching 8@5ms raises the rate that holds p99<50ms from 84 to 131/s.",
        [searched(84, "none"), searched(86, "8@5ms")],
    ),
    serving.most: (
        [served("litserve", 90), served("triton", 120)],
        "m in ov, fp32: triton serves most, 120/s; next is litserve, 90/s.",
        [served("litserve", 90)],
    ),
    serving.cores_taken: (
        [served("litserve", 90, cpu_ms=30)],
        "the server takes 30 ms of processor for each query, 3.0 times those of the session.",
        [served("litserve", 90, cpu_ms=12)],
    ),
    serving.stays_away: ([endured(None)], "no query was answered again", [endured(2)]),
    video.breaks_first: ([given.watching(1, 0.97)], "97% of the time: it saturates first, and detect is", []),
    video.ended: ([given.watching(1, 0.97, outcome="bad.mp4 ended")], "bad.mp4 ended.", []),
    video.larger: ([given.watching(1, 0.97)], "100 streams need 38 processes", []),
    loads.generator: (
        [loaded(level(0.7, 20, 82, late=True, late_p99_s=0.003, greedy=True))],
        "queries came up to 3 ms late (p99), more than 2 % of the median latency.",
        [loaded(level(0.7, 20, 82))],
    ),
    loads.all_at_once: ([at_once(0.9)], "are served 0.90 times as fast", [at_once(0.97)]),
    cost.memory_of_a_sample: (GROWING, "each further sample of a batch takes 4 MB", [GRAPH, EAGER]),
}  # fmt: skip


def test_every_rule_has_its_data() -> None:
    assert set(RULES) == set(DATA)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_speaks_where_the_data_carry_it_and_names_its_cases(rule: Callable[..., Any]) -> None:
    records, words, _ = DATA[rule]
    found = list(rule(Found(records, HERE)))
    assert found
    assert words in str(found[0])
    assert set(found[0].cases) <= {record.id for record in records}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_is_silent_where_they_do_not(rule: Callable[..., Any]) -> None:
    _, _, records = DATA[rule]
    assert list(rule(Found(records, HERE))) == []


def test_of_the_same_case_measured_again_there_is_nothing_to_say() -> None:
    again = [case(f"m-eager-fp32-b{batch}-cpu", 20 * batch, 1.0) for batch in (1, 8)]
    assert findings.find(again, HERE) == []


def test_many_findings_of_one_rule_are_told_in_three() -> None:
    records = [make_record(f"m{at}-b-fp32-b1-cpu", status="failed", outcome=OUTCOME) for at in range(9)]
    found = findings.find(records, HERE)
    assert len(found) == 3
    assert str(found[-1]).endswith("(6 more like it.)")


def test_speedups_over_another_side_compare_no_two_cases() -> None:
    other: dict[str, Any] = {"missing": None, "versions": {}}
    records = [EAGER, GRAPH, case("m-torchscript-fp32-b1-cpu", 20, 1.01)]
    versus = [Record.from_dict(record.to_dict()) for record in records]
    for record in versus:
        record.sections["latency"].details["other"] = other
    assert findings.find(records, HERE)
    assert findings.find(versus, HERE) == []
    assert answer.sentences(records)
    assert answer.sentences(versus) == []


def test_a_throughput_that_falls_is_told_once() -> None:
    turns = ((1, 1.0), (2, 1.5), (4, 8.0))
    found = findings.find([costing(f"m-ort-fp32-b{batch}-cpu", each) for batch, each in turns], HERE)
    about = [str(each) for each in found if "batch 2" in str(each)]
    assert not any("twice the batch" in each for each in about)
    assert any("highest throughput at batch 2" in each for each in about)
