"""Rows as a table in a style of ``tabulate``. In Markdown no cell is markup: names may hold anything."""

from __future__ import annotations

from collections.abc import Sequence

from tabulate import tabulate

#: The style of Markdown.
MARKDOWN = "github"
#: Most names in a sentence.
NAMED = 8


def grid(rows: Sequence[Sequence[str]], headers: Sequence[str], style: str, alignment: Sequence[str]) -> str:
    """``alignment`` is ``left`` or ``right`` for each column."""
    if style == MARKDOWN:
        rows = [[plain(cell) for cell in row] for row in rows]
    return tabulate(
        rows, headers, tablefmt=style, colalign=alignment if rows else None, disable_numparse=True
    )


def plain(text: str) -> str:
    """A text for a cell of Markdown: in one line, and nothing in it is markup."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace("@", "&#64;")  # @ would call somebody
    for letter in "\\`*_[]|~":
        text = text.replace(letter, f"\\{letter}")
    return " ".join(text.splitlines())


def named(names: Sequence[str]) -> str:
    """The first names as words of a sentence, and the number of the others."""
    told = ", ".join(names[:NAMED])
    return told if len(names) <= NAMED else f"{told} and {len(names) - NAMED} more"
