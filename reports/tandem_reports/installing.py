"""The command that installs an extra of this project: from its checkout, or beside its wheel."""

from __future__ import annotations

from pathlib import Path

#: Root of the checkout, if this file is in one.
ROOT = Path(__file__).resolve().parents[2]


def command(extra: str = "", root: Path = ROOT) -> str:
    """The ``pip`` command for an extra; without one, for the project alone."""
    brackets = f"[{extra}]" if extra else ""
    if not (root / "pyproject.toml").is_file():
        return f'pip install "tandem-bench{brackets}"'
    place = "." if Path.cwd() == root else root
    return f'pip install -e "{place}{brackets}"'
