"""Tests of README and docs: the README is short, and all commands, options, links and extras exist."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tandem.__main__ import COMMANDS
from tests.conftest import ROOT, Benches

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
def options(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    run = Benches(tmp_path_factory.mktemp("help")).run("--help")
    return set(re.findall(r"--[a-z][a-z-]*", run.output)) | OTHERS


@pytest.mark.parametrize(
    ("page", "words"), ALL, ids=[f"{page.stem}-{number}" for number, (page, _) in enumerate(ALL)]
)
def test_what_a_command_names_exists(page: Path, words: list[str], options: set[str]) -> None:
    del page  # it is in the id
    program, first = words[:2]
    if program == "tandem" and first != "bench":
        assert first in COMMANDS or first.startswith("--")
        return
    if program == "python":
        environments = (ROOT / "tox.ini").read_text(encoding="utf-8")
        named = words[words.index("-e") + 1]
        assert all(f"[testenv:{each}]" in environments for each in named.split(","))
        return
    named_options = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert named_options <= options
    paths = [word.partition("::")[0] for word in words if word.startswith("benches")]
    assert all((ROOT / path).exists() for path in paths)


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
