"""Tests of the index file: its rebuilding, and folders in which it cannot be."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from tandem_reports.judging import index
from tandem_reports.judging.history import History
from tandem_reports.judging.index import INDEX
from tandem_reports.records.saved import DamagedBaseline
from tests.records import make_run, numbers, record, save

ONE = "m-b-fp32-b1-cpu"


def test_the_index_follows_the_files(tmp_path: Path) -> None:
    first = save(tmp_path, 1, [record(ONE)])
    assert numbers(tmp_path) == {ONE: "0001"}
    save(tmp_path, 2, [record(ONE)])
    assert numbers(tmp_path) == {ONE: "0002"}
    (first.parent / "0002_run.json").unlink()
    assert numbers(tmp_path) == {ONE: "0001"}


def test_a_damaged_index_is_made_anew(tmp_path: Path) -> None:
    save(tmp_path, 1, [record(ONE)])
    (tmp_path / INDEX).write_bytes(b"no database" * 1000)
    assert numbers(tmp_path) == {ONE: "0001"}


def test_runs_in_a_folder_that_cannot_be_written_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, 1, [record(ONE)])
    connect = sqlite3.connect

    def reading(path: str | Path, timeout: float) -> sqlite3.Connection:
        memory = str(path) == ":memory:"
        return connect(path if memory else f"file:{path}?mode=ro", timeout=timeout, uri=not memory)

    monkeypatch.setattr(sqlite3, "connect", reading)
    assert numbers(tmp_path) == {ONE: "0001"}
    assert not (tmp_path / INDEX).exists()


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DamagedBaseline, match="file cannot be a folder of saved runs"):
        numbers(tmp_path / "file")


def test_a_measurement_that_a_resumed_run_saves_again_counts_once(tmp_path: Path) -> None:
    save(tmp_path, 1, [record(ONE, 1.0)])
    save(tmp_path, 2, [record(ONE, 1.1)], origin="out/one")
    save(tmp_path, 3, [record(ONE, 1.1)], origin="out/one")
    assert [run.name for run in History(tmp_path).trends()[0].runs] == ["0001", "0003"]
    assert len(History(tmp_path).costs(make_run().settings)[ONE]) == 2
    again = History(tmp_path).spreads(make_run().settings)
    save(tmp_path / "once", 1, [record(ONE, 1.0)])
    save(tmp_path / "once", 2, [record(ONE, 1.1)])
    assert again == History(tmp_path / "once").spreads(make_run().settings)


def test_an_index_that_another_run_holds_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, 1, [record(ONE)])
    assert numbers(tmp_path) == {ONE: "0001"}
    monkeypatch.setattr(index, "PATIENCE_S", 0.1)
    with contextlib.closing(sqlite3.connect(tmp_path / INDEX)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DamagedBaseline, match=r"history\.sqlite cannot be used: database is locked"):
            numbers(tmp_path)
    assert numbers(tmp_path) == {ONE: "0001"}
