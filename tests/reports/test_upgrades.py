"""Tests that a run of an older schema is read as one of the newest."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tandem_reports.judging.gate import Policy, judge
from tandem_reports.judging.history import History
from tandem_reports.records import results, saved, stored
from tandem_reports.records.record import SCHEMA, Record
from tandem_reports.records.results import DamagedRun
from tandem_reports.render import table

DATA = Path(__file__).parent / "data"
#: A run of schema 1, as written at that time: three cases of a classifier with labelled images.
OLD: dict[str, Any] = json.loads((DATA / "results-1.json").read_text(encoding="utf-8"))
SAVED = DATA / "0001_saved-1.json"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    shutil.copyfile(DATA / "results-1.json", tmp_path / results.RESULTS)
    return tmp_path


def test_every_figure_of_schema_1_is_there(run: Path) -> None:
    records = [Record.from_dict(values) for values in results.read(run)["records"]]
    for old, record in zip(OLD["records"], records, strict=True):
        assert (record.id, record.model, record.batch) == (old["id"], old["model"], old["batch"])
        assert record.name == "efficientnet_lite0"
        assert record.number("p50") == old["p50_s"]
        assert record.number("p99") == old["p99_s"]
        assert record.number("throughput") == old["throughput_per_s"]
        assert record.number("speedup") == old["speedup"]["estimate"]
        assert record.detail("reference") == "eager-fp32"
        assert record.judged
        assert list(record.judged.values) == old["yardstick"]["values"]
        assert record.detail("turn_s") == old["yardstick"]["turn_s"]
        assert record.detail("accuracy") == old["accuracy"]
        assert record.detail("page_faults") == old["page_faults"]


def test_its_table_is_that_of_then(run: Path) -> None:
    rows = table.render(stored.read(run).records).splitlines()[2:]
    assert rows[2].split()[:4] == ["efficientnet_lite0-openvino-fp32-b1-cpu", "4", "4.5", "243"]
    assert "90.0% (-8.9% to +8.9%, smoke, n = 20)" in rows[2]
    assert "0% of multiply-adds in int8-dynamic" in rows[1]


def test_a_baseline_of_schema_1_judges_a_run_of_today(tmp_path: Path) -> None:
    folder = tmp_path / "Linux-CPython-3.11-64bit"
    folder.mkdir()
    shutil.copyfile(SAVED, folder / SAVED.name)
    run = saved.read(folder / SAVED.name)
    assert set(History(tmp_path).baselines(run.settings)) == set(run.records)
    for case in run.records:
        assert judge(run, case, run, Policy()).kind in ("ok", "inconclusive")


def test_what_is_written_again_is_of_the_newest_schema(run: Path) -> None:
    values = results.read(run)
    again = results.Results.reopen(run, values["environment"], values["settings"])
    again.write()
    document = json.loads((run / results.RESULTS).read_text(encoding="utf-8"))
    assert document["schema"] == SCHEMA
    written, read = (map(Record.from_dict, each["records"]) for each in (document, values))
    assert list(written) == list(read)


def test_a_damaged_record_and_a_later_schema_are_named(run: Path) -> None:
    path = run / results.RESULTS
    path.write_text(json.dumps(OLD | {"records": [{"id": "a"}]}), encoding="utf-8")
    with pytest.raises(DamagedRun, match=r"results\.json is damaged"):
        results.read(run)
    path.write_text(json.dumps(OLD | {"schema": SCHEMA + 1}), encoding="utf-8")
    with pytest.raises(DamagedRun, match=f"has schema {SCHEMA + 1}, this is {SCHEMA}"):
        results.read(run)
