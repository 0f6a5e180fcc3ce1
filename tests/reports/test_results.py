"""Tests of a run's folder: files that it cannot take are not lost, and cost no other case."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tandem_reports.records import results
from tandem_reports.records.results import Results
from tests.conftest import ROOT, Benches
from tests.records import make_record, make_run


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB; only root can mount it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root can mount a disk that is small")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_what_a_full_disk_does_not_take_is_written_with_the_next_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    like = make_run(reference="eager-fp32")
    run, write = Results.create(tmp_path, {**like.environment}, {**like.settings}), results._write
    cases = ("m-b-fp32-b1-cpu", "m-b-fp32-b8-cpu")
    first, second = (make_record(case, status="failed", outcome="a fault") for case in cases)

    def full(_path: Path, _text: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(results, "_write", full)
    run.add(first, [0.5])
    assert run.unwritten == "No space left on device"
    assert run.samples(first.id) == [0.5]
    monkeypatch.setattr(results, "_write", write)
    run.add(second, [0.25])
    assert run.unwritten is None
    assert [each["id"] for each in results.read(run.folder)["records"]] == [first.id, second.id]
    assert (run.folder / "samples" / f"{first.id}.json").read_text() == "[0.5]"


def test_in_a_run_a_full_disk_is_told_at_the_end_and_nothing_is_lost(benches: Benches, small: Path) -> None:
    (small / "filled").write_bytes(bytes(48 << 10))
    run = benches.run("--backends=fake", "--batch-sizes=1,2,4", f"--output={small}", "--budget=0.5")
    assert run.exit_code == 1, run.output
    assert "3 passed" in run.output
    assert f"{small}/" in run.output
    assert "cannot be written, No space left on device: make room, or name another by --output" in run.output
    rescued = Path(run.output.partition("what it does not have is in ")[2].split()[0])
    assert len(results.read(rescued)["records"]) == 3
    assert "Traceback" not in run.output
    assert "INTERNALERROR" not in run.output


@pytest.mark.parametrize("place", ["file", "file/below", "x" * 300])
def test_an_output_that_can_be_no_folder_is_a_usage_error(benches: Benches, place: str) -> None:
    (benches.folder / "file").write_bytes(b"")
    run = benches.run("--backends=fake", f"--output={benches.folder / place}")
    assert run.exit_code == 4
    assert f"--output: {benches.folder / place} cannot be written, " in run.output
    assert "name another folder" in run.output
    assert "INTERNALERROR" not in run.output


def test_a_cache_that_can_be_no_folder_is_a_usage_error(benches: Benches) -> None:
    (benches.folder / "file").write_bytes(b"")
    run = benches.run("--backends=fake", f"--artifacts={benches.folder / 'file'}")
    assert run.exit_code == 4
    assert f"--artifacts: {benches.folder / 'file'} is no folder" in run.output
    run = benches.run("--backends=fake", "--artifacts=/proc/cache")
    assert (run.exit_code, "--artifacts: /proc/cache cannot be made, " in run.output) == (4, True)
    assert "Traceback" not in run.output


def test_a_cache_that_is_full_fails_the_cases_that_need_it_in_one_sentence(
    benches: Benches, small: Path
) -> None:
    (small / "filled").write_bytes(bytes(64 << 10))
    run = benches.run("--backends=fake,fake-raise", f"--artifacts={small}")
    assert run.exit_code == 1
    assert "Unavailable" in run.output
    assert f"the cache {small} cannot be written, No space left on device" in run.output
    assert "Traceback" not in run.output


def test_a_run_writes_the_same_bytes_in_a_locale_without_utf_8(benches: Benches, tmp_path: Path) -> None:
    environment = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    environment["PYTHONIOENCODING"] = "ascii"
    words = benches.command("--backends=fake,fake-weight", "--gate=off")
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, check=False)
    output = done.stdout.decode("ascii") + done.stderr.decode("ascii")
    assert done.returncode == 1, output
    assert "Traceback" not in output
    summary = (tmp_path / "out" / "latest" / "summary.md").read_text(encoding="utf-8")
    assert "1.00 – 1.00" in summary
    assert "1.00 ? 1.00" in output, "a question mark, and the lines of the table stay lines"
    table = [sys.executable, "-m", "tandem_reports", "table", str(tmp_path / "out" / "latest")]
    shown = subprocess.run(table, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert (shown.returncode, shown.stderr) == (0, b"")
