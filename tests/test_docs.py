"""Tests of README and docs: the README is short, and all commands, options, links and extras exist."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tandem.__main__ import main
from tests.conftest import ROOT
from tests.repository import Repository

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
#: Options of git, pip, pytest-cov and others in the same blocks.
OTHERS = {"--benchmark-compare-fail"}
MOST_LINES = 180


def commands(page: Path) -> Iterator[list[str]]:
    """The command lines in blocks of code, split as by a shell, without comments."""
    for block in re.findall(r"^```\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith(("pytest ", "tandem ", "python -m tox ")):
                yield shlex.split(line, comments=True)


ALL = [(page, words) for page in PAGES for words in commands(page)]


def test_the_readme_can_be_read_in_five_minutes() -> None:
    assert len(PAGES[0].read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's repository with all files that the commands name, and other environments beside it."""
    own = Repository(tmp_path_factory.mktemp("docs") / "own")
    factory = "def make_net(): ...\n\n\nmake = make_net\n"
    for name in ("my_net.py", "net.py"):
        own.write(name, factory)
    for name in (
        "net.onnx",
        "net.pt2",
        "net.pt",
        "net.keras",
        "saved_model/saved_model.pb",
        "a.mp4",
        "b.mp4",
    ):
        own.write(name, "")
    own.commit()
    own.write("notes.txt", "a second commit")
    own.commit()
    net = Repository(own.folder.parent / "net")
    net.write("net.py", factory)
    net.commit()
    for name in ("old/.venv", "lit", "ort130", "triton", "trt"):
        python = own.folder.parent / name / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
        python.chmod(0o755)
    return own.folder


@pytest.mark.parametrize(
    ("page", "words"), ALL, ids=[f"{page.stem}-{number}" for number, (page, _) in enumerate(ALL)]
)
def test_a_command_runs(
    page: Path,
    words: list[str],
    place: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As far as it measures nothing: benches are collected."""
    del page  # it is in the id
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if words[0] == "python":
        environments = (ROOT / "tox.ini").read_text(encoding="utf-8")
        named = words[words.index("-e") + 1]
        assert all(f"[testenv:{each}]" in environments for each in named.split(","))
        return
    monkeypatch.chdir(place)
    if words[:2] == ["tandem", "bench"]:
        words = ["pytest", "benches", *words[2:]]
    if words[0] == "tandem":
        # A usage error would raise SystemExit. An export is only collected.
        assert main([*words[1:], *["--collect-only"] * (words[1] == "export")]) in (0, 1, 2)
        assert "is no command" not in capsys.readouterr().out
        return
    assert (ROOT / words[1]).exists() or words[1].startswith("-")
    # A clone may have no such branch.
    found = [
        re.sub("^benches", str(ROOT / "benches"), word).replace("origin/main", "HEAD") for word in words[1:]
    ]
    output = io.StringIO()
    quiet = ["-c", str(ROOT / "pyproject.toml"), "--collect-only", "-q", f"--output={tmp_path / 'out'}"]
    quiet += ["-W", "default", "-p", "no:cacheprovider", "-p", "no:faulthandler"]  # as a user has it
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        code = pytest.main([*found, *quiet])
    if "is missing: pip install" in output.getvalue():
        pytest.skip(output.getvalue().strip())
    understood = code == pytest.ExitCode.OK or "names no saved run" in output.getvalue()
    assert understood, output.getvalue()[-2000:]


def test_every_page_is_in_the_contents() -> None:
    contents = (ROOT / ".ci" / "mkdocs.yml").read_text(encoding="utf-8")
    docs = ROOT / "docs"
    assert [page for page in docs.rglob("*.md") if str(page.relative_to(docs)) not in contents] == []


def test_links_between_pages_and_to_files_lead_somewhere() -> None:
    broken = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def test_an_extra_that_a_page_names_exists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {
        extra
        for page in PAGES
        for found in re.findall(r'"[./A-Za-z-]*\[([a-z,-]+)\]"', page.read_text(encoding="utf-8"))
        for extra in found.split(",")
    }
    assert named
    assert named <= set(project["optional-dependencies"])
