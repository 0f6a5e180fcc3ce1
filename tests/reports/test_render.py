"""What a reader of the summary sees."""

from __future__ import annotations

from dataclasses import replace

from reports.record import Record
from reports.render import csv, table

RECORD = Record(
    id="resnet18-onnxruntime-fp32-b1-cpu",
    model="resnet18",
    backend="onnxruntime",
    precision="fp32",
    batch=1,
    device="cpu",
    status="ok",
    samples=40,
    mean_s=0.0101,
    p50_s=0.01,
    throughput_per_s=99.0,
    speedup={
        "estimate": 1.5, "low": 1.4, "high": 1.6, "over": "invocations", "values": [1.5], "invocations": 1,
        "reference": "eager-fp32",
    },
    agreement={"passed": True, "rule": "allclose", "error": 1e-6, "limit": 1e-4, "relative_error": 1e-6},
    peak_rss_bytes=90_000_000,
    artifact_bytes=46_800_000,
    build_s=8.1,
    contention=0.88,
    contended=True,
)  # fmt: skip


def test_a_row_gives_what_a_decision_needs_and_leaves_unknown_percentiles_empty() -> None:
    cells = table.row(RECORD)
    assert cells[:7] == (RECORD.id, "10", "", "", "99", "1.50x", "1.40 – 1.60")
    assert "taken for 88% of the time by others" in cells[-1]


def test_an_interval_over_rounds_is_labelled() -> None:
    assert RECORD.speedup
    single = replace(RECORD, speedup=RECORD.speedup | {"over": "rounds"}, contended=False)
    assert table.notes(single) == "interval within one process only"


def test_failed_cases_have_no_row() -> None:
    assert "resnet18" not in table.render([replace(RECORD, status="failed")])


def test_csv_flattens_what_is_nested() -> None:
    header, row = csv.render([RECORD]).splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert (cells["speedup.estimate"], cells["agreement.rule"]) == ("1.5", "allclose")


def test_a_record_survives_its_dictionary() -> None:
    assert Record.from_dict(RECORD.to_dict() | {"of a later version": 1}) == RECORD
