"""Tests that no file and no output of another program is read or written in the locale's encoding."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOURCES = [
    *(
        path
        for folder in ("benches", "fixtures", "reports")
        for path in sorted((ROOT / folder).rglob("*.py"))
    ),
    ROOT / "conftest.py",
]
TRUE = ast.dump(ast.Constant(True))
#: Calls that use the locale's encoding for text unless they name one.
TEXT = {"open", "read_text", "write_text", "fdopen", "NamedTemporaryFile", "TextIOWrapper"}


def unnamed(source: str) -> Iterator[int]:
    """Line numbers of calls that leave the encoding to the locale."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        named = {each.arg: each.value for each in node.keywords}
        modes = [*(each for each in node.args), named.get("mode")]
        binary = any(isinstance(mode, ast.Constant) and "b" in str(mode.value) for mode in modes)
        text = name in TEXT and not binary and not _opens_no_file(node)
        told = any(ast.dump(named[each]) == TRUE for each in ("text", "universal_newlines") if each in named)
        if (text or told) and "encoding" not in named:
            yield node.lineno


def _opens_no_file(node: ast.Call) -> bool:
    """True for other methods of these names: of archives, pictures, sessions and installed packages."""
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    if isinstance(node.func, ast.Attribute) and node.func.attr == "read_text" and node.args:
        return True  # the first argument of a path's is its encoding, of a package's the name of a file
    return isinstance(owner, ast.Name) and owner.id in {"self", "av", "tarfile", "Image", "webbrowser"}


def test_the_search_finds_what_it_looks_for() -> None:
    source = 'path.open()\nopen("x")\np.read_text()\nrun([], text=True)\np.open("rb")\np.open(encoding="a")\n'
    assert list(unnamed(source)) == [1, 2, 3, 4]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_names_its_encoding(path: Path) -> None:
    assert list(unnamed(path.read_text(encoding="utf-8"))) == []
