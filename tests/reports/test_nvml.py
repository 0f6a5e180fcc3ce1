"""Tests of the GPU in a run's environment, and of the names of NVML in the code."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from tandem_reports.judging.baseline import machine_folder
from tandem_reports.judging.comparability import card
from tandem_reports.judging.index import comparable
from tandem_reports.machine import environment, nvml
from tandem_reports.records.results import Results
from tests.records import make_record, make_run
from tests.scripted_nvml import ScriptedNvml, unsupported

ROOT = Path(__file__).parents[2]
#: Source files that query NVML.
FILES = ("reports/tandem_reports/machine/nvml.py", "fixtures/tandem/instruments/gpu.py")


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> ScriptedNvml:
    library = ScriptedNvml()
    monkeypatch.setattr(nvml, "load", lambda: library)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return library


def test_a_gpu_is_part_of_the_machine_only_for_a_run_that_uses_it(library: ScriptedNvml) -> None:
    without, with_gpu = environment.describe([]), environment.describe([], gpu=True)
    assert without["machine"].keys() == with_gpu["machine"].keys() - {"gpu"}
    assert without["fingerprint"] != with_gpu["fingerprint"]
    found = with_gpu["machine"]["gpu"]
    assert (found["name"], found["driver"], found["cuda"]) == ("Scripted GPU", "580.95.05", "13.2")
    assert found["application_clocks_mhz"] == {"sm": 1755, "memory": 2619}
    assert card(with_gpu["machine"]) == ", Scripted GPU, driver 580.95.05"
    assert card(without["machine"]) == ""
    assert library.open == 0


def test_runs_that_used_the_gpu_have_a_folder_of_their_own(library: ScriptedNvml, tmp_path: Path) -> None:
    folders = {machine_folder(str(tmp_path), gpu) for gpu in (False, True)}
    assert len(folders) == 2
    library.clocks_mhz[library.NVML_CLOCK_MEM] = 810
    assert machine_folder(str(tmp_path)) in folders
    assert machine_folder(str(tmp_path), gpu=True) not in folders


def test_other_clocks_are_another_machine_and_what_is_not_told_is_none(
    library: ScriptedNvml, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = environment.describe([], gpu=True)["fingerprint"]
    library.clocks_mhz[library.NVML_CLOCK_SM] = 1200
    assert environment.describe([], gpu=True)["fingerprint"] != before
    monkeypatch.setattr(library, "nvmlDeviceGetApplicationsClock", unsupported)  # as on many cards
    described = nvml.describe()
    assert described
    assert described["application_clocks_mhz"] == {"sm": None, "memory": None}
    assert described["name"] == "Scripted GPU"


@pytest.mark.parametrize(("visible", "found"), [("0,1", 0), ("GPU-1234", "GPU-1234"), (None, 0)])
def test_the_gpu_that_cuda_shows_first_is_asked(
    library: ScriptedNvml, monkeypatch: pytest.MonkeyPatch, visible: str | None, found: object
) -> None:
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert nvml.describe()
    assert library.found == [found]


@pytest.mark.parametrize("visible", ["", "-1", "7"])
def test_a_gpu_that_is_hidden_or_not_there_is_not_asked(
    library: ScriptedNvml, monkeypatch: pytest.MonkeyPatch, visible: str
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert nvml.describe() is None
    assert library.open == 0


def test_runs_with_other_switches_are_not_compared() -> None:
    plain = make_run().settings
    assert comparable(plain) == json.dumps([2, "seeded", "matmul"]), "as runs that are saved have it"
    assert comparable({**plain, "allocator": "jemalloc"}) != comparable({**plain, "allocator": "mimalloc"})
    assert comparable({**plain, "cuda_graphs": True}) != comparable({**plain, "flush_cache": True})


def test_what_a_device_told_of_each_call_is_in_a_file_of_its_own(tmp_path: Path) -> None:
    run = make_run()
    results = Results.create(tmp_path, dict(run.environment), {**run.settings, "reference": "b"})
    record = make_record(speedup={"estimate": 1, "low": 1, "high": 1, "over": "rounds", "reference": "b"},
                         agreement={"relative_error": 0.0})  # fmt: skip
    results.add(record, [0.01, 0.02], {"device": {"device_s": [0.005, 0.01], "throttled": [False, True]}})
    assert results.samples(record.id) == [0.01, 0.02]
    told = json.loads((results.folder / "samples" / f"{record.id}.device.json").read_text())
    assert told == {"device_s": [0.005, 0.01], "throttled": [False, True]}


def used() -> set[str]:
    trees = (ast.parse((ROOT / file).read_text()) for file in FILES)
    names = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return {name for name in names if name.lower().startswith("nvml")}


def test_every_name_of_nvml_that_is_used_is_scripted_and_exists() -> None:
    scripted = {name for name in dir(ScriptedNvml) if name.lower().startswith("nvml")}
    assert used() - scripted == {"nvmlInit"}
    pynvml = pytest.importorskip("pynvml", reason='pip install -e ".[gpu]"')
    assert {name for name in used() if not hasattr(pynvml, name)} == set()
    constants = {name: value for name, value in vars(ScriptedNvml).items() if isinstance(value, int)}
    assert constants == {name: getattr(pynvml, name) for name in constants}


def test_the_real_library_gives_an_answer_or_none() -> None:
    pytest.importorskip("pynvml", reason='pip install -e ".[gpu]"')
    described = nvml.describe()
    assert described is None or described["name"]
