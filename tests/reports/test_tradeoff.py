"""Tests of the choice from a run: cases that no other beats, and the comparison of a large batch."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

from tandem_reports.__main__ import main
from tandem_reports.judging.tradeoff import beats, ordered, over_best_batch, pareto
from tandem_reports.records.record import Record
from tests.records import make_record, write_run


def record(case: str, mean_s: float, error: float, memory: int = 100, **changes: Any) -> Record:
    batch = int(case.split("-")[3][1:])
    return make_record(
        case,
        mean_s=mean_s,
        throughput_per_s=batch / mean_s,
        agreement={"relative_error": error},
        peak_rss_bytes=memory,
        artifact_bytes=10,
        speedup={"estimate": 0.02 / mean_s, "low": 1.0, "high": 2.0, "over": "invocations"},
        **changes,
    )


REFERENCE = record("m-eager-fp32-b1-cpu", 0.020, 1e-7)
FAST = record("m-ov-fp32-b1-cpu", 0.010, 1e-6)
SLOWER = record("m-ort-fp32-b1-cpu", 0.011, 1e-6)
ROUGH = record("m-ov-int8-b1-cpu", 0.004, 1e-1)


def test_a_case_is_marked_unless_another_is_nowhere_worse_and_somewhere_better() -> None:
    assert beats(FAST, SLOWER)
    assert not beats(FAST, ROUGH)
    assert not beats(FAST, FAST)
    small = record("m-ts-fp32-b1-cpu", 0.012, 1e-6, memory=50)
    assert pareto([REFERENCE, FAST, SLOWER, ROUGH, small]) == {REFERENCE.id, FAST.id, ROUGH.id, small.id}


def test_models_do_not_compete_and_failed_cases_take_no_part() -> None:
    other = record("n-ort-fp32-b1-cpu", 1.0, 1e-6)
    failed = make_record("m-ort-int8-b1-cpu", status="failed")
    assert pareto([FAST, other, failed]) == {FAST.id, other.id}


def test_where_answers_were_scored_they_count_and_not_the_error() -> None:
    exact = record("m-ort-fp32-b1-cpu", 0.011, 1e-6, accuracy={"top1": 0.8})
    rough = record("m-ov-int8-b1-cpu", 0.004, 1e-1, accuracy={"top1": 0.8})
    assert pareto([exact, rough]) == {rough.id}


def pruned(case: str, mean_s: float, distance: float, memory: int = 100, **changes: Any) -> Record:
    return record(
        case, mean_s, 1e-6, memory, compression="prune-channels-30", network={"distance": distance}, **changes
    )


def test_what_compression_did_to_the_answers_counts() -> None:
    worse = pruned("m-pruned-fp32-b1-cpu", 0.010, 0.3)
    assert beats(FAST, pruned("m-pruned-fp32-b1-cpu", 0.010, 0.3, memory=200))
    assert pareto([FAST, worse]) == {FAST.id}
    quicker = pruned("m-pruned-fp32-b1-cpu", 0.005, 0.3)
    assert pareto([FAST, quicker]) == {FAST.id, quicker.id}
    assert ordered([quicker, REFERENCE, FAST], "error") == [REFERENCE, FAST, quicker]


@pytest.mark.parametrize("distance", [1.64, math.nan, math.inf])
def test_answers_that_compression_made_noise_are_no_choice_however_fast(distance: float) -> None:
    noise = pruned("m-pruned-fp32-b1-cpu", 0.001, distance, memory=1)
    worse = pruned("m-pruned-bf16-b1-cpu", 0.002, 1.7, memory=2)
    assert pareto([FAST, noise, worse]) == {FAST.id}
    assert pareto([noise]) == set()


def scored(top1: float, high: float, n: int = 2000) -> dict[str, Any]:
    return {"dataset": "movies", "n": n, "top1": top1, "low": 2 * high, "high": high, "note": ""}


def test_right_answers_decide_where_they_are_known() -> None:
    whole = record("m-ov-fp32-b1-cpu", 0.010, 1e-6, accuracy=scored(0.76, 0.0))
    as_good = pruned("m-pruned-fp32-b1-cpu", 0.005, 0.9, accuracy=scored(0.77, 0.01))
    assert pareto([whole, as_good]) == {as_good.id}
    lost = pruned("m-pruned-fp32-b1-cpu", 0.005, 0.2, accuracy=scored(0.5, -0.2))
    assert pareto([whole, lost]) == {whole.id}
    few = pruned("m-pruned-fp32-b1-cpu", 0.005, 0.2, accuracy=scored(0.7, 0.05, n=20))
    assert pareto([whole, few]) == {whole.id, few.id}


def test_a_share_of_wrong_answers_is_never_compared_with_a_distance() -> None:
    whole = record("m-ov-fp32-b1-cpu", 0.010, 1e-6, accuracy=scored(0.76, 0.0))
    rough = record("m-ov-int8-b1-cpu", 0.010, 1e-1)
    assert beats(whole, rough)
    assert ordered([rough, whole], "error") == [whole, rough]
    other = record("m-ort-int8-b1-cpu", 0.010, 1e-1, accuracy=scored(0.9, 0.0, n=20))
    assert beats(whole, other), "of other samples the share tells nothing"


def test_a_large_batch_is_compared_with_the_reference_at_its_own_best() -> None:
    batched = record("m-eager-fp32-b8-cpu", 0.080, 1e-7)
    candidate = record("m-ov-fp32-b8-cpu", 0.040, 1e-6)
    ratios = over_best_batch([REFERENCE, batched, candidate, FAST], "eager-fp32")
    assert ratios[candidate.id] == pytest.approx(2.0)
    assert ratios[FAST.id] == pytest.approx(1.0)
    assert over_best_batch([candidate], "eager-fp32") == {}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_run(tmp_path, REFERENCE, SLOWER, FAST, ROUGH)


def test_the_table_is_sorted_and_marked(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", str(run)]) == 0
    shown = [("*", ROUGH.id), ("*", FAST.id), ("", SLOWER.id), ("*", REFERENCE.id)]
    assert re.findall(r"(\*?) +(m-\S+-cpu)", capsys.readouterr().out) == shown
    assert main(["table", str(run), "--sort", "error"]) == 0
    assert re.search(r"m-\S+-cpu", capsys.readouterr().out)[0] == REFERENCE.id  # type: ignore[index]


def test_the_table_tells_the_error_of_a_compressed_network_with_what_compression_did(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads((run / "results.json").read_text())
    sizes = {"parameters": 1e6, "zeros": 0, "bytes": 4e6, "deflated_bytes": 4e6}
    rough = document["records"][3]
    rough["case"]["compression"] = "prune-channels-30"
    rough["sections"]["latency"]["details"]["network"] = {"distance": 1.64, **sizes}
    (run / "results.json").write_text(json.dumps(document))
    assert main(["table", str(run), "--sort", "error"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if "-cpu" in line]
    assert [row[0] for row in rows[:-1]].count("*") == 2
    assert (rows[-1][0], "1.6e+00" in rows[-1]) == (ROUGH.id, True)


def test_what_a_reader_must_know_of_a_row_stands_in_it(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads((run / "results.json").read_text())
    document["records"][1] |= {"contended": True, "contention": 0.4}
    (run / "results.json").write_text(json.dumps(document))
    assert main(["table", str(run)]) == 0
    (noted,) = [line for line in capsys.readouterr().out.splitlines() if "contended" in line]
    assert SLOWER.id in noted
    assert noted.endswith("taken for 40% of the time by others")


def test_a_run_in_which_nothing_was_timed_says_so(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads((run / "results.json").read_text())
    document["records"] = [each | {"status": "failed"} for each in document["records"]]
    (run / "results.json").write_text(json.dumps(document))
    assert main(["table", str(run)]) == 1
    assert capsys.readouterr().out == "no case was timed: 4 failed; its summary.md says why\n"


def test_a_damaged_run_is_an_error_that_names_it(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "results.json").write_text("{")
    assert main(["table", str(run)]) == 1
    assert "results.json cannot be read" in capsys.readouterr().out
