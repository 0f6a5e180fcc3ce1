"""Right answers on labelled data: a row for each model, runtime and precision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tandem_reports.render.grid import grid

#: A column that is left out if no model has more than five classes.
TOP5 = "top-5"
HEADERS = (
    "case",
    "data",
    "n",
    "top-1",
    TOP5,
    "reference",
    "change",
    "95 % interval",
    "lost",
    "gained",
    "p",
)


def render(scores: Mapping[str, Mapping[str, Any]], style: str = "simple") -> str:
    """Table of scores by name, as a record's detail ``accuracy`` holds them, in a style of ``tabulate``."""
    scored = any(each["top5"] is not None for each in scores.values())
    headers = [header for header in HEADERS if scored or header != TOP5]
    rows = [
        [
            name,
            f"{each['dataset']} ({each['note']})" if each["note"] else each["dataset"],
            str(each["n"]),
            f"{each['top1']:.1%}",
            *([f"{each['top5']:.1%}" if each["top5"] is not None else ""] if scored else []),
            f"{each['reference_top1']:.1%}",
            f"{each['change']:+.1%}",
            f"{each['low']:+.1%} to {each['high']:+.1%}",
            str(each["lost"]),
            str(each["gained"]),
            f"{each['p']:.2g}",
        ]
        for name, each in scores.items()
    ]
    alignment = ("left", "left", *["right"] * (len(headers) - 2))
    return grid(rows, headers, style, alignment)


def short(found: Mapping[str, Any] | None) -> str:
    """Top-1 and its change in one cell of a table; empty if nothing was scored."""
    if not found:
        return ""
    note = f", {found['note']}" if found["note"] else ""
    return f"{found['top1']:.1%} ({found['low']:+.1%} to {found['high']:+.1%}{note})"


def failure(name: str, found: Mapping[str, Any], limit: float | None) -> str | None:
    """Message if more than ``limit`` of right answers are certainly lost; None otherwise."""
    if limit is None or found["high"] >= -limit:
        return None
    return (
        f"{name} loses {-found['change']:.1%} of right answers on {found['dataset']}, n = {found['n']} "
        f"(95 % interval {-found['high']:.1%} to {-found['low']:.1%}, McNemar p = {found['p']:.2g}); "
        f"limit {limit:.1%}"
    )
