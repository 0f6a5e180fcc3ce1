"""Table of faults at servers, and what became of the queries around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tandem_reports.numbers import scaled
from tandem_reports.records.record import Record
from tandem_reports.render.grid import grid

LEGEND = (
    "reply: to the query that is the fault itself; lost: queries with neither an answer nor an error; "
    "outage: the longest time without an answer, in ms; again: queries were answered after the load; for "
    "nobody: queries that were computed, and whose answers reached nobody; in time: answers a second within "
    "--slo, or within 5 times what a query alone takes; at best: those of a server that knew all arrivals "
    "and times of service before, empty if some were refused; with a limit: each query tells the server "
    "from when on an answer is of no use; MB: memory before and after."
)
#: Headers, and how their columns are aligned.
COLUMNS = {
    "server": "left", "fault": "left", "reply": "left", "queries": "right", "answered": "right",
    "errors": "left", "lost": "right", "outage": "right", "again": "left", "for nobody": "right",
    "in time/s": "right", "at best": "right", "MB": "right",
}  # fmt: skip
#: What a client calls a query without an answer: it is not among the errors.
LOST = "TimeoutError"


def render(records: Sequence[Record], style: str = "simple") -> str:
    """A table of all faults; empty if none was planted."""
    rows = [_row(record, each) for record in records for each in record.detail("endured", ())]
    return grid(rows, list(COLUMNS), style, list(COLUMNS.values())) if rows else ""


def _row(record: Record, told: Mapping[str, Any]) -> list[str]:
    errors = {kind: count for kind, count in told["errors"].items() if kind != LOST}
    return [
        record.detail("server")["name"],
        told["fault"],
        told["reply"],
        str(told["queries"]),
        str(told["answered"]),
        ", ".join(f"{count} {kind}" for kind, count in errors.items()),
        str(told["unanswered"] + told["errors"].get(LOST, 0) or ""),
        scaled(told["outage_s"], 1e3) or "no end",
        "no" if told["recovered_s"] is None else "yes",
        str(told["wasted"] or ""),
        scaled(told.get("in_time"), 1),
        scaled(told.get("oracle"), 1),
        " to ".join(scaled(told[name], 1e-6) for name in ("memory_before", "memory_after")),
    ]
