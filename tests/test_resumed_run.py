"""Tests of a run that resumes another, and of the parts that it takes over from it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tandem.scenarios.latency.near import Bench
from tests.conftest import ROOT, Benches, Run


def test_a_killed_run_loses_nothing_and_resumes(benches: Benches) -> None:
    process = subprocess.Popen(
        benches.command("--backends=fake,fake-hang"),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    results = benches.folder / "out" / "latest" / "results.json"
    wait_until(lambda: results.exists() and "fake-fake-fp32-b1-cpu" in results.read_text())
    workers = children(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = results.stat().st_ino, results.resolve().parent
    wait_until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))

    run = benches.run("--backends=fake,fake-raise", "--resume", "-v")
    assert (results.stat().st_ino, results.resolve().parent)[1] == before[1], "the same folder goes on"
    assert run.records["fake-fake-fp32-b1-cpu"].status == "ok"
    assert run.records["fake-fake-raise-fp32-b1-cpu"].status == "failed"
    assert "fake-fake-fp32-b1-cpu] PASSED" in run.output
    samples = run.folder / "samples" / "fake-fake-fp32-b1-cpu.json"
    written = samples.stat().st_mtime_ns
    assert benches.run("--backends=fake", "--resume").exit_code == 0
    assert samples.stat().st_mtime_ns == written, "a finished case is not measured again"


#: A plugin that runs each test until it passes, at most twice, as pytest-rerunfailures does.
RERUN = """
from _pytest.runner import runtestprotocol
from tandem.vocabulary.errors import WorkerFailed
from tandem.scenarios.latency.near import Bench

FAILURES = {failures}


def pytest_configure():
    real, count = Bench.measure, 0

    def measure(self, *arguments):
        nonlocal count
        count += 1
        if count <= FAILURES:
            raise WorkerFailed("planted")
        return real(self, *arguments)

    Bench.measure = measure


def pytest_runtest_protocol(item, nextitem):
    for last in (False, True):
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        if last or all(report.passed for report in reports):
            break
        item._initrequest()
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    return True
"""


@pytest.mark.parametrize(("failures", "status"), [(1, "ok"), (2, "failed")])
def test_a_second_attempt_measures_and_one_that_fails_again_stays_failed(
    benches: Benches, monkeypatch: pytest.MonkeyPatch, failures: int, status: str
) -> None:
    name = f"rerun_after_{failures}"
    (benches.folder / f"{name}.py").write_text(RERUN.replace("{failures}", str(failures)))
    monkeypatch.syspath_prepend(benches.folder)
    monkeypatch.setattr(Bench, "measure", Bench.measure)
    run = benches.run("--backends=fake", "-p", name)
    assert run.exit_code == (status != "ok"), run.output
    record = run.records["fake-fake-fp32-b1-cpu"]
    assert (record.status, record.number("p50") is not None) == (status, status == "ok")


def test_what_lf_leaves_out_is_not_missing(benches: Benches) -> None:
    places = [f"-ocache_dir={benches.folder / 'lf'}", f"--benchmark-storage={benches.folder / 'saved'}"]
    words = benches.command(*places, "--backends=fake,fake-raise", "--invocations=3", bench="")
    cached = [word for word in words if word not in ("-p", "no:cacheprovider")]
    outputs = [
        subprocess.run(
            [*cached, more, "--lf"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
        ).stdout
        for more in ("--benchmark-autosave", "--benchmark-compare")
    ]
    assert ["1 failed, 1 passed" in output for output in outputs] == [True, False], outputs
    assert "1 failed" in outputs[1]
    assert "missing" not in outputs[1]


def test_resuming_what_was_measured_otherwise_is_refused(benches: Benches) -> None:
    assert benches.run("--backends=fake").exit_code == 0
    run = benches.run("--backends=fake", "--resume", "--budget=0.3")
    assert run.exit_code == 4
    assert "budget_s 0.2 → 0.3" in run.output


def test_how_a_gpu_is_measured_is_in_the_settings_of_a_run_that_asks_for_it(benches: Benches) -> None:
    plain = benches.run("--backends=fake")
    assert {"cuda_graphs", "flush_cache"} & settings_of(plain) == set()
    asked = benches.run("--backends=fake", "--cuda-graphs", "--flush-cache")
    assert {"cuda_graphs", "flush_cache"} <= settings_of(asked)
    refused = benches.run("--backends=fake", "--transfer=host")
    assert (refused.exit_code, plain.exit_code, asked.exit_code) == (4, 0, 0)
    assert "--transfer: host: on a CPU nothing is copied" in refused.output


def settings_of(run: Run) -> set[str]:
    return set(json.loads((run.folder / "results.json").read_text())["settings"])


def test_resuming_a_damaged_run_is_refused(benches: Benches) -> None:
    assert benches.run("--backends=fake").exit_code == 0
    (benches.folder / "out" / "latest" / "results.json").write_text('{"schema": 1')
    run = benches.run("--backends=fake", "--resume")
    assert run.exit_code == 4
    assert "cannot be read" in run.output


def children(pid: int) -> list[int]:
    """Processes started by ``pid``, directly or indirectly."""
    found = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return found + [each for child in found for each in children(child)]


def wait_until(condition: object, limit_s: float = 60.0) -> None:
    assert callable(condition)
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def test_a_run_that_was_stopped_before_its_first_case_ends_in_order_and_is_resumed(
    benches: Benches, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = benches.folder / "stopping.py"
    stop.write_text("import pytest\n\ndef pytest_runtest_setup():\n    pytest.exit('stopped', 2)\n")
    monkeypatch.syspath_prepend(benches.folder)
    run = benches.run("--backends=fake", "-p", "stopping")
    assert run.exit_code == 2
    assert "Traceback" not in run.output
    assert run.records == {}
    run = benches.run("--backends=fake", "--resume", "-p", "no:stopping")
    assert run.exit_code == 0, run.output
    assert list(run.records) == ["fake-fake-fp32-b1-cpu"]
