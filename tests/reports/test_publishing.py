"""Tests of publishing runs on a GPU."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tandem_reports.__main__ import main
from tandem_reports.records.results import Results
from tandem_reports.render.formats import FORMATS
from tests.records import MACHINE, make_record, make_run

GPU = {"name": "NVIDIA H100 80GB HBM3", "driver": "580.65"}
NOON = 1_795_435_200  # 2026-11-23


def run_on(machine: dict[str, Any], folder: Path) -> Path:
    run = make_run()
    results = Results(folder, {**run.environment, "machine": machine}, {**run.settings, "reference": "eager"})
    results.add(make_record("m-b-fp32-b1-cuda", status="failed", outcome="it disagrees"))
    os.utime(folder / "results.json", (NOON, NOON))
    return folder


def test_a_run_is_kept_by_card_and_day_with_the_command_that_makes_it_again(tmp_path: Path) -> None:
    run = run_on({**MACHINE, "gpu": GPU}, tmp_path / "run")
    for name in ("nvidia-h100-80gb-hbm3-2026-11-23", "nvidia-h100-80gb-hbm3-2026-11-23-2"):
        assert main(["publish", str(run), "--to", str(tmp_path / "gpu")]) == 0
        kept = tmp_path / "gpu" / name
        assert {path.name for path in kept.iterdir()} == {"results.json", *FORMATS}
        summary = (kept / "summary.md").read_text()
        assert "`pytest benches`" in summary
        assert "NVIDIA H100 80GB HBM3, driver 580.65" in summary


def test_a_run_without_a_gpu_is_not_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = run_on(MACHINE, tmp_path / "run")
    assert main(["publish", str(run), "--to", str(tmp_path / "gpu")]) == 2
    assert "used no GPU" in capsys.readouterr().out
    assert not (tmp_path / "gpu").exists()
