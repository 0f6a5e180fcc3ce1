"""Tests of the wheel in an environment of its own, in a user's repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.repository import Repository

pytestmark = pytest.mark.torch

NET = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(256, 256)

    def forward(self, x):
        for _ in range(TIMES):
            x = torch.relu(self.layer(x))
        return x

def make():
    torch.manual_seed(0)
    return Net(), (torch.rand(1, 256),)
"""
QUICK = [
    "--model=./net.py:make",
    "--backends=eager",
    "--precisions=fp32",
    "--batch-sizes=1",
    "--invocations=3",
    "--budget=0.2",
]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel, and with the libraries of this environment."""
    folder = tmp_path_factory.mktemp("installed")
    source = folder / "source"
    for name in ("fixtures", "benches", "reports/tandem_reports"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run([*pip, "wheel", "--no-deps", "--no-build-isolation", f"--wheel-dir={folder}", str(source)], folder)
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv" / "bin" / "python"
    (wheel,) = folder.glob("*.whl")
    run([*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)], folder)
    site = next((folder / "venv").glob("lib/*/site-packages"))
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "venv"


def run(command: Sequence[str], folder: Path, code: int = 0) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "theirs")
    repository.write("net.py", f"TIMES = 4\n{NET}")
    repository.write("test_theirs.py", THEIRS)
    repository.commit()
    return repository


TABLE = """
[tool.tandem]
model = ["./net.py:make"]
backends = ["eager"]
precisions = "fp32"
batch-sizes = [1, 2]
"""

THEIRS = """
import sys

def test_nothing_of_tandem_is_here(pytestconfig):
    assert not [name for name in sys.modules if name.startswith("tandem")]
    assert not hasattr(pytestconfig.option, "backends")
"""


@pytest.mark.quiet
def test_their_model_is_measured_and_a_slowdown_is_found(environment: Path, repository: Repository) -> None:
    bench = [
        str(environment / "bin" / "tandem"),
        "bench",
        "--model=./net.py:make",
        *QUICK,
        "--artifacts=cache",
    ]
    first = run([*bench, "--benchmark-autosave"], repository.folder)
    assert "net-make-eager-fp32-b1-cpu" in first
    assert list(repository.folder.glob(".benchmarks/*/*/0001_*.json")), "the baseline is theirs"
    repository.write("net.py", f"TIMES = 12\n{NET}")
    repository.commit()
    judged = run([*bench, "--versus-rev=HEAD~1"], repository.folder, code=1)
    assert "regressed" in judged
    assert "against HEAD~1" in judged or "HEAD~1 (" in judged


def test_what_their_pyproject_says_need_not_be_typed(environment: Path, repository: Repository) -> None:
    repository.write("pyproject.toml", TABLE)
    command = [str(environment / "bin" / "tandem"), "bench", "--collect-only", "-q"]
    found = run(command, repository.folder)
    assert "net-make-eager-fp32-b1-cpu" in found
    assert "net-make-eager-fp32-b2-cpu" in found
    assert "net-make-eager-fp32-b2-cpu" not in run([*command, "--batch-sizes=1"], repository.folder)
    repository.write("bench.args", "--batch-sizes=1\n")
    assert "net-make-eager-fp32-b2-cpu" not in run([*command, "@bench.args"], repository.folder)
    repository.write("pyproject.toml", f"{TABLE}colour = 1\n")
    assert "'colour' is no option of Tandem" in run(command, repository.folder, code=4)


def test_a_bench_of_theirs_takes_the_fixtures(environment: Path, repository: Repository) -> None:
    bench = "def bench_mine(case, measure):\n    assert measure(case).number('p50') > 0\n"
    repository.write("conftest.py", 'pytest_plugins = ["tandem.plugin"]\n')
    repository.write("bench_mine.py", bench)
    command = [
        str(environment / "bin" / "python"),
        "-m",
        "pytest",
        "bench_mine.py",
        "--model=./net.py:make",
        *QUICK,
    ]
    command += ["-o", "python_functions=bench_*", "--artifacts=cache", "-p", "no:cacheprovider"]
    assert "1 passed" in run(command, repository.folder)


def test_a_repository_that_does_not_ask_for_it_is_left_alone(
    environment: Path, repository: Repository
) -> None:
    assert "1 passed" in run([str(environment / "bin" / "python"), "-m", "pytest", "-q"], repository.folder)
