"""Tests of judging as a user does it: save, compare, promote, versus."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tandem_reports.__main__ import main
from tandem_reports.records import saved
from tests.conftest import ROOT, Benches, Run

ONE, FOUR = "fake-fake-fp32-b1-cpu", "fake-fake-fp32-b4-cpu"


def run(benches: Benches, *arguments: str, batches: str = "1") -> Run:
    storage = f"--benchmark-storage={benches.folder / 'saved'}"
    return benches.run("--backends=fake", f"--batch-sizes={batches}", "--invocations=3", storage, *arguments)


def runs(benches: Benches) -> list[Path]:
    return saved.files(benches.folder / "saved")


def reports(benches: Benches, *words: str) -> tuple[int, str]:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        code = main([f"--storage={benches.folder / 'saved'}", *words])
    return code, output.getvalue()


def kinds(result: Run) -> dict[str, str]:
    return {case: (record.verdict or {})["kind"] for case, record in result.records.items()}


def test_a_regression_fails_its_own_test_and_never_becomes_the_baseline(benches: Benches) -> None:
    assert run(benches, "--benchmark-autosave").exit_code == 0

    report = benches.folder / "junit.xml"
    slower = run(benches, "--benchmark-compare", "--slowdown=0.08", f"--junitxml={report}")
    assert (slower.exit_code, kinds(slower)) == (1, {ONE: "regressed"})
    assert f"Regressed: {ONE} is 8.0% slower than in 0001 (95 % interval +8.0% to +8.0%" in slower.output
    assert "p50 3 → 3.24 ms" in report.read_text()
    assert slower.records[ONE].status == "ok", "its latency is the news"

    # Simulate slower code: a run is judged even if it is only saved.
    plant(runs(benches)[0], 1 / 1.3)
    unnoticed = run(benches, "--benchmark-autosave")
    assert unnoticed.exit_code == 0
    assert "it does not become the baseline" in unnoticed.output
    again = run(benches, "--benchmark-compare", "--recreate=never")
    assert again.exit_code == 1, "the second time as well as the first"
    shown = run(benches, "--benchmark-compare", "--gate=off")
    assert shown.exit_code == 0
    assert "tandem: the gate, 5.0%, only shown" in shown.output

    code, output = reports(benches, "promote", "0002")
    assert (code, "it forgives" in output) == (0, True)
    assert run(benches, "--benchmark-compare").exit_code == 0


def plant(path: Path, factor: float, count: int | None = None) -> None:
    """Rewrite a saved run: multiply all its costs by ``factor``, and keep the first ``count`` of them."""
    content: dict[str, Any] = json.loads(path.read_text())
    for each in content["benchmarks"]:
        cost = each["extra_info"]["tandem"]["sections"]["latency"]["figures"]["cost"]
        cost["values"] = [value * factor for value in cost["values"][:count]]
    reseal(content)
    path.write_text(json.dumps(content))


in_git = pytest.mark.skipif(not (ROOT / ".git").exists() or not shutil.which("git"), reason="no git checkout")


@in_git
def test_an_alarm_by_a_stored_number_is_confirmed_in_tandem(benches: Benches) -> None:
    assert run(benches, "--benchmark-autosave").exit_code == 0
    plant(runs(benches)[0], 1 / 1.08)
    same = run(benches, "--benchmark-compare")
    assert (same.exit_code, kinds(same)) == (0, {ONE: "ok"}), same.output
    assert "timed in tandem with 0001 at" in same.output
    assert "(+8.0% by its stored number)" in same.output
    assert "s once in this run to have that ready" in same.output
    resumed = run(benches, "--benchmark-compare", "--resume")
    assert (resumed.exit_code, kinds(resumed)) == (0, {ONE: "ok"}), "it is confirmed again"
    slower = run(benches, "--benchmark-compare", "--slowdown=0.2")
    assert (slower.exit_code, kinds(slower)) == (1, {ONE: "regressed"})
    assert f"{ONE} is 20.0% slower than in 0001" in slower.output
    assert "a slowdown of 20% was planted in every case (--slowdown)" in slower.output
    stored = run(benches, "--benchmark-compare", "--recreate=never", "--slowdown=0.2")
    assert (stored.exit_code, "in tandem" in stored.output) == (1, False)


@in_git
def test_a_stored_number_that_tells_no_change_is_decided_in_tandem(benches: Benches) -> None:
    assert run(benches, "--benchmark-autosave").exit_code == 0
    plant(runs(benches)[0], 1.0, count=2)
    same = run(benches, "--benchmark-compare=0001")
    assert (same.exit_code, kinds(same)) == (0, {ONE: "ok"}), same.output
    assert "(its stored number does not decide: 2 usable invocations in the baseline, 3 are" in same.output


@in_git
def test_a_baseline_that_cannot_be_built_again_says_why(
    benches: Benches, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(benches, "--benchmark-autosave").exit_code == 0
    (path,) = runs(benches)
    plant(path, 1 / 1.3)
    content = json.loads(path.read_text())
    has: dict[str, str] = content["tandem"]["packages"]
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(benches.folder))
    for packages, sources, words in (
        (has | {"numpy": "0.1"}, {"": "HEAD"}, "uv is not installed, which builds environments: pip install"),
        (has, {"": "0123456789abcdef"}, "its files, 012345678 of "),
        (has, {}, "its files were in no readable git repository, or it was saved by an older Tandem"),
    ):
        content["tandem"] |= {"packages": packages, "sources": sources}
        reseal(content)
        path.write_text(json.dumps(content))
        refused = run(benches, "--benchmark-compare")
        assert (refused.exit_code, kinds(refused)) == (1, {ONE: "regressed"})
        assert f"0001 cannot be built again: {words}" in refused.output


def test_a_case_that_vanished_fails_the_run_unless_it_was_not_asked_for(benches: Benches) -> None:
    assert run(benches, "--benchmark-autosave", batches="1,4").exit_code == 0
    left_out = run(benches, "--benchmark-compare", "-k", "b4", batches="1,4")
    assert (left_out.exit_code, "missing" in left_out.output) == (0, False)

    plant_case(runs(benches)[0], FOUR, "fake-gone-fp32-b1-cpu")
    gone = run(benches, "--benchmark-compare", batches="1,4")
    assert gone.exit_code == 1
    assert "missing    fake-gone-fp32-b1-cpu" in gone.output
    assert "it is no longer in the matrix" in gone.output
    assert kinds(gone)[FOUR] == "new"


def reseal(content: dict[str, Any]) -> None:
    """Renew the digests, as if the changed content had been saved."""
    header = {name: value for name, value in content["tandem"].items() if not name.endswith("digest")}
    saved.seal(content, header)


def plant_case(path: Path, case: str, name: str) -> None:
    """Rename a case in a saved run to one that the matrix no longer has."""
    content = json.loads(path.read_text().replace(f'"{case}"', f'"{name}"'))
    reseal(content)
    path.write_text(json.dumps(content))


def test_a_folder_in_which_no_run_can_be_saved_is_refused_before_any_work(benches: Benches) -> None:
    place = benches.folder / "file"
    place.write_text("")
    run = benches.run("--backends=fake", "--benchmark-autosave", f"--benchmark-storage={place}")
    assert run.exit_code == 4
    assert "no run can be saved in" in run.output


def test_what_cannot_be_compared_is_refused_or_said(benches: Benches) -> None:
    nothing = run(benches, "--benchmark-compare")
    assert (nothing.exit_code, kinds(nothing)) == (0, {ONE: "new"})
    assert run(benches, "--benchmark-compare=0003").exit_code == 4
    assert run(benches, "--benchmark-autosave").exit_code == 0
    (path,) = runs(benches)
    whole = path.read_text()
    for damaged, words in (
        ("", "it is not JSON"),
        (whole.replace('"set_aside": 0', '"set_aside": 1'), "damaged or edited"),
    ):
        path.write_text(damaged)
        refused = run(benches, "--benchmark-compare")
        assert refused.exit_code == 4
        assert words in refused.output
        assert str(path) in refused.output
        assert "Traceback" not in refused.output
    path.write_text(whole)
    elsewhere = path.parents[2] / "another-machine" / path.name
    elsewhere.parent.mkdir()
    content = json.loads(whole)
    content["tandem"]["environment"]["fingerprint"] = "another-machine"
    reseal(content)
    elsewhere.write_text(json.dumps(content))
    other = run(benches, f"--benchmark-compare={elsewhere}", "--gate-strict")
    assert (other.exit_code, kinds(other)) == (1, {ONE: "incomparable"})
    assert "measured on another machine" in other.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--gate=fast"], "'fast' is neither off nor a share between 0 and 1, such as 3% or 0.03"),
        (["--gate=3"], "'3' is neither off nor a share between 0 and 1: 3%?"),
        (["--versus=/no/such/python"], "is not a Python interpreter"),
        (["--versus-rev=no-such-branch"], "names no commit of this repository"),
        (["--versus-rev=HEAD", "--benchmark-compare"], "--versus-rev neither needs nor makes a saved run"),
        (["--slowdown=0.1", "--benchmark-autosave"], "it could become the baseline"),
        (["--planted=3%"], "is not a slowdown and a gate"),
    ],
)
def test_what_does_not_go_together_is_a_usage_error(
    benches: Benches, arguments: list[str], words: str
) -> None:
    refused = run(benches, "--collect-only", *arguments)
    assert refused.exit_code == 4
    assert words in refused.output


def test_two_environments_are_compared_in_tandem(benches: Benches) -> None:
    slower = run(benches, f"--versus={sys.executable}", "--slowdown=0.05", "--gate=2%")
    assert (slower.exit_code, kinds(slower)) == (1, {ONE: "regressed"})
    assert f"is 5.0% slower than in {sys.executable}" in slower.output
    assert run(benches, f"--versus={sys.executable}", "--gate=2%").exit_code == 0


@in_git
def test_another_commit_is_compared_in_tandem(benches: Benches) -> None:
    same = run(benches, "--versus-rev=HEAD")
    assert (same.exit_code, kinds(same)) == (0, {ONE: "ok"}), same.output
    worktrees = subprocess.run(
        ["git", "worktree", "list"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "tandem-versus-" not in worktrees.stdout


def test_the_gate_goes_on_trial_with_known_slowdowns(benches: Benches) -> None:
    tried = benches.run(
        "--backends=fake", "--trials=2", "--planted=0@5%,10%@5%", "--invocations=3", bench="bench_gate.py"
    )
    assert tried.exit_code == 0, tried.output
    assert f"1 of 2: {ONE}: a baseline is measured" in tried.output
    assert f"2 of 2: {ONE}, versus, 10% at a gate of 5%: regressed" in tried.output
    rows = [line.split() for line in tried.output.splitlines() if line.startswith(ONE)]
    found = [(row[1], row[2], row[4]) for row in rows]
    assert found == [
        ("stored", "0%", "0"),
        ("stored", "10%", "2"),
        ("versus", "0%", "0"),
        ("versus", "10%", "2"),
    ]
