"""Tests of ``--versus-rev`` with a user's own model: a commit of the repository that holds the model."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import Benches, Run
from tests.repository import Repository

pytestmark = [pytest.mark.torch, pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")]

#: A network that waits as long as its helper does: a sleep is steady even on a busy machine.
NET = """
import torch
from torch import nn

import waiting


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(8, 8)

    def forward(self, x):
        waiting.wait()
        return self.linear(x)


def make():
    return Net(), torch.randn(2, 8)
"""
HELPER = "import time\n\n\ndef wait():\n    time.sleep({seconds})\n"
CASE = "net-make-eager-fp32-b1-cpu"
#: Options for runs without a verdict: every invocation starts processes that import PyTorch, on both sides.
ONCE = ("--invocations=1", "--gate=off")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with one commit, of a network that waits 20 ms."""
    made = Repository(tmp_path / "net")
    made.write("net.py", NET)
    made.write("waiting.py", HELPER.format(seconds=0.02))
    made.commit()
    return made


def compare(benches: Benches, *arguments: str, models: str = "") -> Run:
    own = ["--backends=eager", "--invocations=3", "--gate=25%", "--gate-budget=20", "--reference=eager-fp32"]
    return benches.run(*own, *arguments, models=models)


def kinds(run: Run) -> dict[str, str]:
    return {case: (record.verdict or {})["kind"] for case, record in run.records.items()}


@pytest.mark.quiet
def test_a_model_that_its_last_commit_made_twice_as_slow_regressed(
    benches: Benches, repository: Repository
) -> None:
    before = repository.git("rev-parse", "HEAD")[:9]
    repository.write("waiting.py", HELPER.format(seconds=0.04))
    after = repository.commit()
    run = compare(benches, f"--model={repository.folder}/net.py:make", "--versus-rev=HEAD~1")
    assert (run.exit_code, kinds(run)) == (1, {CASE: "regressed"}), run.output
    outcome = run.records[CASE].verdict
    assert outcome
    assert outcome["change"] > 0.5
    assert outcome["baseline"] == f"HEAD~1 ({before}) of {repository.folder} (working copy at {after})"


@pytest.mark.quiet
def test_an_edited_file_is_compared_with_its_last_commit_and_an_unchanged_one_is_ok(
    benches: Benches, repository: Repository
) -> None:
    model = f"--model={repository.folder}/net.py:make"
    same = compare(benches, model, "--versus-rev=HEAD", "--gate=50%")
    assert (same.exit_code, kinds(same)) == (0, {CASE: "ok"}), same.output
    repository.write("net.py", NET.replace("waiting.wait()", "waiting.wait()\n        waiting.wait()"))
    edited = compare(benches, model, "--versus-rev=HEAD")
    assert kinds(edited) == {CASE: "regressed"}, edited.output
    assert f"of {repository.folder} (working copy at {repository.git('rev-parse', 'HEAD')[:9]}, edited)" in (
        edited.output
    )
    assert repository.git("status", "--porcelain", "--untracked-files=no") == "M net.py"
    assert len(repository.git("worktree", "list").splitlines()) == 1


def test_each_side_is_right_by_its_own_answer_and_a_factory_that_the_base_does_not_have_is_new(
    benches: Benches, repository: Repository
) -> None:
    repository.write("net.py", NET.replace("self.linear(x)", "3 * self.linear(x)").replace("make", "other"))
    own = f"--model={repository.folder}/net.py:other?as=net-make"
    run = compare(benches, own, "--versus-rev=HEAD", *ONCE)
    assert (run.exit_code, kinds(run)) == (0, {CASE: "new"}), run.output
    assert "'net.py:other': net.py has no other; it has make in HEAD (" in run.output

    repository.write("net.py", NET.replace("self.linear(x)", "3 * self.linear(x)"))
    run = compare(benches, f"--model={repository.folder}/net.py:make", "--versus-rev=HEAD", *ONCE)
    assert run.exit_code == 0, run.output
    assert run.records[CASE].detail("reference").startswith("HEAD (")


def test_what_the_factory_needs_and_git_does_not_keep_is_told(
    benches: Benches, repository: Repository
) -> None:
    repository.write(".gitignore", "*.txt\n")
    repository.write("size.txt", "8")
    repository.write(
        "net.py", f"from pathlib import Path\n\nPath(__file__).with_name('size.txt').open()\n{NET}"
    )
    repository.commit()
    run = compare(benches, f"--model={repository.folder}/net.py:make", "--versus-rev=HEAD", *ONCE)
    assert run.exit_code == 1
    assert "on the side of HEAD (" in run.output
    assert "net.py:make raised FileNotFoundError" in run.output
    assert "there is only what git keeps in that repository itself" in run.output
    assert "Traceback" not in run.output
