"""Tests of the summary as a reader sees it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from csv import reader
from dataclasses import replace
from typing import Any

import pytest

from tandem_reports.records.record import Record
from tandem_reports.records.verdict import Verdict
from tandem_reports.render import (
    accuracies,
    bencher,
    csv,
    github_benchmark,
    markdown,
    openmetrics,
    remarks,
    table,
)
from tandem_reports.statistics import paired_change
from tests.records import from_flat, make_run

FIELDS: dict[str, Any] = {
    "id": "resnet18-onnxruntime-fp32-b1-cpu",
    "model": "resnet18",
    "backend": "onnxruntime",
    "precision": "fp32",
    "batch": 1,
    "device": "cpu",
    "status": "ok",
    "samples": 40,
    "mean_s": 0.0101,
    "p50_s": 0.01,
    "throughput_per_s": 99.0,
    "speedup": {
        "estimate": 1.5, "low": 1.4, "high": 1.6, "over": "invocations", "values": [1.5], "invocations": 1,
        "reference": "eager-fp32",
    },
    "agreement": {"passed": True, "rule": "allclose", "error": 1e-6, "limit": 1e-4, "relative_error": 1e-6},
    "peak_rss_bytes": 90_000_000,
    "artifact_bytes": 46_800_000,
    "build_s": 8.1,
    "contention": 0.38,
    "contended": True,
}  # fmt: skip


def made(**changes: Any) -> Record:
    return from_flat(**FIELDS | changes)


def row(record: Record) -> list[str]:
    """The cells of a table with only this record."""
    return [column.cell(record) for column in table.columns_of([record])]


RECORD = made()


def test_a_ratio_that_tells_of_others_is_left_out_and_one_without_an_end_says_so() -> None:
    taken = made(contention=0.73)
    assert row(taken)[5:7] == ["", ""]
    assert "73% of the time by others, too much to tell a speedup" in remarks.notes(taken)
    wide = made(speedup={**FIELDS["speedup"], "high": 6.5e36})
    assert row(wide)[6] == "above 1.40"


def test_a_row_gives_what_a_decision_needs_and_leaves_unknown_percentiles_empty() -> None:
    cells = row(RECORD)
    assert cells[:7] == [RECORD.id, "10", "", "", "99", "1.50x", "1.40 – 1.60"]
    assert "taken for 38% of the time by others" in cells[-1]


def test_a_row_says_what_part_of_the_graph_ran_elsewhere() -> None:
    partial = made(device="cuda", placement={"cuda": 117, "cpu": 3})
    assert "3 of 120 nodes run on cpu" in row(partial)[-1]


def test_zeros_that_bring_nothing_are_said_to() -> None:
    network = {"parameters": 1e6, "zeros": 5e5, "bytes": 4e6, "deflated_bytes": 2.4e6, "distance": 0.34}
    notes = remarks.notes(made(compression="prune-unstructured-50", network=network))
    assert "answers 34% off those of the whole network" in notes
    assert "50% of weights are zero, but stored and multiplied like others" in notes
    fewer = remarks.notes(made(compression="prune-channels-30", network=network | {"zeros": 0}))
    assert "1 M parameters, 4 MB, deflated 2.4" in fewer


def test_accuracy_has_a_column_where_something_was_scored() -> None:
    found = {"top1": 0.775, "low": -0.008, "high": 0.001, "note": "smoke, n = 20"}
    scored = table.render([RECORD, made(accuracy=found)])
    assert "77.5% (-0.8% to +0.1%, smoke, n = 20)" in scored
    assert "accuracy" not in table.render([RECORD])


def test_the_best_five_have_a_column_where_there_are_more_than_five_classes() -> None:
    found = {
        "dataset": "snippets", "note": "", "n": 2000, "top1": 0.775, "top5": None, "reference_top1": 0.8,
        **paired_change(lost=60, gained=10, count=2000), "lost": 60, "gained": 10,
    }  # fmt: skip
    header, _, only = accuracies.render({"minilm-eager-fp32": found}).splitlines()
    assert "top-5" not in header
    assert only.split()[:5] == ["minilm-eager-fp32", "snippets", "2000", "77.5%", "80.0%"]
    both = {"minilm-eager-fp32": found, "resnet18-eager-fp32": found | {"top5": 0.95}}
    header, _, first, second = accuracies.render(both).splitlines()
    assert "top-5" in header
    assert second.split()[3:6] == ["77.5%", "95.0%", "80.0%"]
    assert first.split()[3:5] == ["77.5%", "80.0%"]


def test_what_only_a_gpu_tells_has_columns_only_where_one_did() -> None:
    columns = ("device p50 ms", "VRAM MB", "J/sample")
    assert not any(column in table.render([RECORD]) for column in columns)
    told = made(
        device_p50_s=0.0081,
        energy_j_per_sample=0.123,
        graphed=True,
        gpu={"vram_bytes": 512_000_000, "throttled": 0.25, "throttle_reasons": ["power limit"]},
    )
    header, _, first, second = table.render([told, RECORD]).splitlines()
    assert all(column in header for column in columns)
    assert {"8.1", "512", "0.123"} <= set(first.split())
    assert first.endswith("throttled in 25% of turns (power limit); CUDA graph")
    assert len(second) <= len(first)


def test_only_a_certain_loss_beyond_the_limit_fails() -> None:
    found = {"dataset": "snippets", "n": 2000, **paired_change(lost=60, gained=5, count=2000)}
    message = accuracies.failure("minilm-onnxruntime-int8-dynamic", found, 0.01)
    assert message is not None
    assert "loses 2.8% of right answers on snippets, n = 2000 (95 % interval 2.0% to 3.5%" in message
    assert accuracies.failure("minilm", found, 0.025) is None, "as little as 2.0 % is not excluded"
    assert accuracies.failure("minilm", found, None) is None


def test_an_interval_over_rounds_is_labelled() -> None:
    single = made(speedup=FIELDS["speedup"] | {"over": "rounds"}, contended=False)
    assert remarks.notes(single) == "interval within one process only"


def test_a_precision_in_which_less_than_nine_tenths_run_is_told() -> None:
    assert "46% of multiply-adds in fp32" in remarks.notes(made(converted=0.464))
    assert "multiply-adds" not in remarks.notes(made(converted=0.93))
    assert "multiply-adds" not in remarks.notes(RECORD)


def test_failed_cases_have_no_row() -> None:
    failed, skipped = (made(status=status) for status in ("failed", "skipped"))
    assert table.render([failed, skipped, failed]) == "no case was timed: 2 failed, 1 skipped"
    assert table.render([]) == "no case was timed"


def test_csv_flattens_what_is_nested() -> None:
    header, line = csv.render([RECORD]).splitlines()
    cells = dict(zip(header.split(","), line.split(","), strict=True))
    assert (cells["speedup"], cells["speedup.low"], cells["agreement.rule"]) == ("1.5", "1.4", "allclose")
    assert (cells["p50_s"], cells["throughput_per_s"], cells["model"]) == ("0.01", "99.0", "resnet18")


def test_a_record_survives_its_dictionary() -> None:
    assert Record.from_dict(RECORD.to_dict() | {"of a later version": 1}) == RECORD


def test_a_service_that_tracks_commits_gets_every_figure_with_its_interval() -> None:
    failed = Record(id="other", case=RECORD.case, status="failed")
    found, nothing = json.loads(bencher.render([RECORD, failed])).values()
    assert nothing == {}
    assert found["p50-s"] == {"value": 0.01}
    assert found["throughput-per-s"] == {"value": 99.0}
    assert found["speedup"] == {"value": 1.5, "lower_value": 1.4, "upper_value": 1.6}
    assert all(re.fullmatch("[a-z0-9-]+", name) for name in found)


def test_an_action_that_draws_a_chart_gets_the_headline_of_each_case() -> None:
    (found,) = json.loads(github_benchmark.render([RECORD]))
    assert (found["name"], found["unit"], found["value"]) == (RECORD.id, "s", 0.01)
    assert found["extra"] == "speedup 1.50x over eager-fp32"


def test_metrics_have_a_type_a_unit_and_labels_that_cannot_break_out() -> None:
    text = openmetrics.render([made(id='a"b\\c\nd')])
    assert text.endswith("# EOF\n")
    assert "# TYPE tandem_p50_seconds gauge\n# UNIT tandem_p50_seconds seconds\n" in text
    assert 'tandem_p50_seconds{case="a\\"b\\\\c\\nd",scenario="latency",' in text
    assert all(re.match(r"# |tandem_[a-z0-9_]+\{.*\} [-0-9.e]+$", line) for line in text.splitlines())


HOSTILE = ("<script>", "a|b", "=cmd()", "two\nlines", "`code`", "*bold*")


@pytest.mark.parametrize("word", HOSTILE)
def test_a_hostile_name_is_one_cell_of_markdown(word: str) -> None:
    failed = made(id=f"{word}-int8", status="failed", outcome=f"it is {word}")
    text = summary(made(id=f"{word}-b1-cpu"), failed)
    header, _, row = [line for line in text.splitlines() if line.startswith("|")]
    bars = re.compile(r"(?<!\\)\|")
    assert len(bars.findall(row)) == len(bars.findall(header))
    assert "<script>" not in re.sub("`[^`]*`", "", text)


def test_verdicts_come_first_in_markdown_and_long_tables_are_folded() -> None:
    verdict = Verdict(RECORD.id, "regressed", "0003", 0.1, 0.08, 0.12, 0.05).to_dict()
    text = summary(*[made(id=f"case-{number}-cpu") for number in range(20)], judged=[verdict])
    assert text.index("regressed") < text.index("## Cases")
    assert "<details><summary>20 cases</summary>" in text


def test_markdown_fits_a_comment_of_github() -> None:
    text = summary(*[made(id=f"case-{number}-{'x' * 80}-cpu") for number in range(500)])
    assert len(text) < 65_536
    assert "too long for a comment" in text
    assert "## Environment" in text


def test_a_reason_that_cases_share_is_told_once_in_markdown() -> None:
    failed = [made(id=f"case-{n}-cpu", status="failed", outcome=f"case-{n}-cpu crashed") for n in range(20)]
    assert summary(*failed).count("crashed") == 1


@pytest.mark.parametrize("word", ["=cmd()", "+1", "-1", "@x"])
def test_a_formula_is_a_text_in_csv(word: str) -> None:
    rows = list(reader(io.StringIO(csv.render([made(id=word)]))))
    assert rows[1][0] == f"'{word}"


def summary(*records: Record, judged: Sequence[dict[str, Any]] = ()) -> str:
    run = make_run()
    return markdown.render(records, run.environment, {"reference": "eager-fp32", "threads": 2}, judged)


@pytest.mark.parametrize(
    ("percentiles", "words"),
    [
        (True, "others held 60% of the time of the calls that percentiles are of"),
        (False, "percentiles of calls in the match: others held 60% of the time of those alone"),
    ],
)
def test_calls_alone_that_others_disturbed_are_told(percentiles: bool, words: str) -> None:
    record = made(contended=False)
    section = record.sections["latency"]
    tail = {"tail": {"contention": 0.6, "percentiles": percentiles}}
    record = replace(record, sections={"latency": replace(section, details=section.details | tail)})
    assert words in remarks.remarks(record)
    assert words not in remarks.remarks(replace(record, contended=True, contention=0.6))
