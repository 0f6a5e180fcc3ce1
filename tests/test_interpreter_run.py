"""Tests of runtimes in environments of their own: measured there, checked by the answers of this one."""

from __future__ import annotations

import json
import venv
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import filelock
import msgspec
import numpy as np
import pytest
import xxhash

from tandem.cache.store import Cache
from tandem.conversion import modules
from tandem.conversion.job import Job
from tandem.models import find_model
from tandem.scenarios.latency.near import Bench
from tandem.vocabulary.case import Case
from tandem.vocabulary.settings import Settings
from tandem.workers.interpreters import Interpreters
from tandem.workers.launcher import Worker
from tandem.workers.launchers import Launchers
from tandem.workers.protocol import Request
from tandem.workers.workers import Workers
from tests.conftest import Benches

#: A backend with right answers that is neither reference nor yardstick.
BACKEND = "fake-fallback"
ID = f"fake-{BACKEND}-fp32-b1-cpu"
#: Version of numpy that the other environment reports.
VERSION = "0.0.1"


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """An interpreter with the packages that a worker needs, numpy under another version, and no others."""
    venv.create(tmp_path / "other", symlinks=True)
    packages = next((tmp_path / "other").glob("lib/*/site-packages"))
    for module in (np, filelock, msgspec, xxhash):
        folder = Path(module.__file__ or "").parent
        (packages / folder.name).symlink_to(folder)
    if (libraries := Path(np.__file__).parents[1] / "numpy.libs").exists():
        (packages / libraries.name).symlink_to(libraries)
    say(packages, VERSION)
    return tmp_path / "other" / "bin" / "python"


def say(packages: Path, version: str) -> None:
    """Make an environment report this version of numpy."""
    for told in packages.glob("numpy-*.dist-info/METADATA"):
        told.unlink()
        told.parent.rmdir()
    told = packages / f"numpy-{version}.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: numpy\nVersion: {version}\n")


def words(python: Path, backend: str = BACKEND) -> list[str]:
    return [f"--backends=fake,{BACKEND}", "--allow-partial", f"--interpreter={backend}={python}"]


def test_a_record_tells_the_versions_of_the_environment_that_it_ran_in(
    benches: Benches, python: Path
) -> None:
    run = benches.run(*words(python))
    assert run.exit_code == 0, run.output
    own = run.records[ID].environment
    assert own
    assert (own["interpreter"], own["versions"]) == (str(python), {"numpy": VERSION})
    assert run.records["fake-fake-fp32-b1-cpu"].environment is None
    document = json.loads((run.folder / "results.json").read_text())
    assert document["environment"]["versions"]["numpy"] == metadata.version("numpy")
    assert document["environment"]["elsewhere"] == {BACKEND: own}
    assert f"{BACKEND} in another environment: Python 3" in (run.folder / "summary.md").read_text()


def test_what_is_right_is_what_this_environment_answers(benches: Benches, python: Path) -> None:
    """Both environments read the truth and the weights that this one makes, whichever runs first."""
    assert benches.run(*words(python), "-k", BACKEND).exit_code == 0
    entries = list((benches.folder / "cache" / "truth").glob("*/entry.json"))
    made_with = {json.loads(entry.read_text())["key"]["reference"]["numpy"] for entry in entries}
    assert made_with == {metadata.version("numpy")}
    run = benches.run(*words(python), bench="test_agreement.py")
    assert "2 passed" in run.output, run.output


def test_what_is_exported_with_other_packages_is_kept_apart(tmp_path: Path) -> None:
    def key(origin: dict[str, str] | None) -> dict[str, Any]:
        model = replace(find_model("fake"), origin=origin)
        return modules.key(
            Job(Case("fake", "fake", "fp32", 1), model, weights="seeded", threads=1, cache=Cache(tmp_path))
        )

    assert key({"numpy": metadata.version("numpy")}) == key(None)
    assert key({"numpy": VERSION})["layers"] == {"numpy": metadata.version("numpy")}


def test_a_run_is_not_resumed_in_another_environment(benches: Benches, python: Path) -> None:
    assert benches.run(*words(python)).exit_code == 0
    assert benches.run(*words(python), "--resume").exit_code == 0
    here = benches.run(*words(python)[:2], "--resume")
    assert (here.exit_code, "interpreters {" in here.output) == (4, True)
    say(next(python.parents[1].glob("lib/*/site-packages")), "0.0.2")
    updated = benches.run(*words(python), "--resume")
    assert (updated.exit_code, f"numpy of {BACKEND} 0.0.1 → 0.0.2" in updated.output) == (4, True)


def test_a_baseline_in_an_environment_of_its_own_is_not_built_again(benches: Benches, python: Path) -> None:
    asked = [*words(python), "-k", BACKEND, f"--benchmark-storage={benches.folder / 'saved'}"]
    assert benches.run(*asked, "--benchmark-autosave", "--invocations=3").exit_code == 0
    slower = benches.run(*asked, "--benchmark-compare", "--invocations=3", "--slowdown=0.2")
    assert slower.exit_code == 1, slower.output
    assert "0001 cannot be built again: it ran in an environment of its own (--interp" in slower.output


def test_what_is_missing_there_is_said_with_the_command_that_helps_there(
    benches: Benches, python: Path
) -> None:
    asked = ["--models=resnet18", "--backends=onnxruntime", f"--interpreter=onnxruntime={python}"]
    skipped = benches.run(*asked)
    (record,) = skipped.records.values()
    assert (skipped.exit_code, record.status) == (0, "skipped")
    assert f'onnxruntime is not installed: {python} -m pip install -e ".[onnxruntime]"' in record.outcome
    required = benches.run(*asked, "--require=onnxruntime")
    assert (required.exit_code, f"{python} -m pip install" in required.output) == (1, True)


@pytest.fixture
def bench(settings: Settings, launchers: Launchers, python: Path) -> Iterator[Bench]:
    """A bench with its candidate in the other environment and its partners in this one."""
    other = Launchers(python=python)
    bench = Bench(Workers(replace(settings, allow_partial=True), launchers, {BACKEND: other}))
    yield bench
    bench.dismiss_partners()
    other.close()


def test_a_case_is_timed_there_in_turn_with_partners_here(bench: Bench, python: Path) -> None:
    case = Case("fake", BACKEND, "fp32", 1)
    with bench.workers.ready(case, 0) as ready:
        assert str(python) in command(ready.worker)
    assert bench.measure(case).told.checked.agreement["passed"]
    assert bench.partners
    assert not any(str(python) in command(partner.worker) for partner in bench.partners.values())


def command(worker: Worker) -> str:
    return Path(f"/proc/{worker.pid}/cmdline").read_text()


def test_an_environment_is_asked_once_for_all_that_needs_the_same(
    python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, asked = Worker.ask, list[str]()

    def noted(worker: Worker, request: Request[Any], timeout_s: float) -> Any:
        asked.append(request.verb())
        return ask(worker, request, timeout_s)

    monkeypatch.setattr(Worker, "ask", noted)
    runners = Interpreters({BACKEND: str(python)})
    cases = [Case("fake", BACKEND, "fp32", batch) for batch in (1, 8)]
    assert [runners.missing(case) for case in cases] == [None, None]
    assert runners.describe(cases)[BACKEND]["versions"] == {"numpy": VERSION}
    runners.close()
    assert asked == ["offers"]


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("onnxruntime", "'onnxruntime' is not a backend or a server and its Python, such as"),
        ("onnx=/bin/false", "'onnx=/bin/false' is not a backend or a server and its Python"),
        (f"{BACKEND}=/no/such/python", "/no/such/python is not a Python interpreter that can be run"),
        (f"{BACKEND}=/bin", "/bin is not a Python interpreter"),
        (f"{BACKEND}=/bin/false", "/bin/false cannot run this checkout (/bin/false could not start"),
        ("fake=/bin/false", "fake is what others are compared with, and stays in this environment"),
    ],
)
def test_an_interpreter_that_cannot_be_used_is_a_usage_error(
    benches: Benches, option: str, words: str
) -> None:
    run = benches.run("--collect-only", f"--backends=fake,{BACKEND}", f"--interpreter={option}")
    assert (run.exit_code, words in run.output) == (4, True), run.output


def test_an_interpreter_that_lacks_what_a_worker_needs_says_what(benches: Benches, tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", symlinks=True)
    run = benches.run("--collect-only", *words(tmp_path / "bare" / "bin" / "python"))
    assert (run.exit_code, "No module named 'msgspec'" in run.output) == (4, True), run.output
    assert 'bin/python -m pip install -e "."' in run.output


def test_a_file_that_is_no_program_is_named(benches: Benches, tmp_path: Path) -> None:
    (tmp_path / "python").write_text("no program")
    (tmp_path / "python").chmod(0o755)
    run = benches.run("--collect-only", *words(tmp_path / "python"))
    assert (run.exit_code, "python could not be started: Exec format error" in run.output) == (4, True)


def test_versus_says_otherwise_where_cases_run(benches: Benches, python: Path) -> None:
    run = benches.run("--collect-only", *words(python), f"--versus={python}")
    assert (run.exit_code, "leave one of them out" in run.output) == (4, True), run.output


def test_the_gate_is_tried_in_this_environment_alone(benches: Benches, python: Path) -> None:
    run = benches.run(*words(python), "-k", BACKEND, "-rs", bench="bench_gate.py")
    assert (run.exit_code, "2 skipped" in run.output) == (0, True), run.output
    assert "the gate is tried without --interpreter" in run.output
