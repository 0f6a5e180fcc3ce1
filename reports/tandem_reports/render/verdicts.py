"""Verdicts as a table: the verdicts that need a look come first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from tandem_reports.numbers import told
from tandem_reports.records.verdict import KINDS
from tandem_reports.render.grid import grid

HEADERS = ("verdict", "case", "against", "then", "now", "change", "95 % interval", "notes")
#: What the columns of times are.
READ = (
    "then and now are not judged: the change is that of turns beside the yardstick, or beside the other side,"
    " in a match with times of its own"
)


def render(verdicts: Iterable[Mapping[str, Any]], style: str = "simple") -> str:
    """A row for each verdict, in a style of ``tabulate``, and a line that counts them."""
    ordered = sorted(verdicts, key=lambda verdict: KINDS.index(verdict["kind"]))
    counted = tally(verdict["kind"] for verdict in ordered)
    if not ordered:
        return counted
    alignment = ("left", "left", "left", *["right"] * 4, "left")
    rows = [row(verdict) for verdict in ordered]
    return f"{grid(rows, HEADERS, style, alignment)}\n\n{counted}"


def tally(kinds: Iterable[str]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in Counter(kinds).items()) or "nothing was judged"


def row(verdict: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        verdict["kind"],
        verdict["case"],
        verdict["baseline"] or "",
        told(verdict["before_s"], verdict.get("unit", "s")),
        told(verdict["now_s"], verdict.get("unit", "s")),
        percent(verdict["change"]),
        f"{percent(verdict['low'])} – {percent(verdict['high'])}" if verdict["low"] is not None else "",
        "; ".join(filter(None, [verdict["reason"], *verdict["versions"], verdict.get("note", "")])),
    )


def percent(share: float | None) -> str:
    return "" if share is None else f"{share:+.1%}"
