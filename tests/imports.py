"""Source files of the project that a file needs, found by its import statements."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]


def closure(*files: Path, barriers: Iterable[Path] = ()) -> set[Path]:
    """The files, and all project files that they import, directly or indirectly, at the top or in functions.

    ``barriers`` are left out, with the files that only they import.
    """
    found, waiting, aside = set[Path](), list(files), set(barriers)
    while waiting:
        file = waiting.pop()
        if file not in found | aside:
            found.add(file)
            waiting += imported(file)
    return found


def imported(file: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
        else:
            continue
        for name in names:
            for folder in ("fixtures", "reports", "."):
                path = ROOT.joinpath(folder, *name.split("."))
                yield from (
                    each for each in (path / "__init__.py", path.with_suffix(".py")) if each.is_file()
                )
