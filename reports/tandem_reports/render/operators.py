"""Table of the slowest operators of a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tandem_reports.judging.budget import parts
from tandem_reports.judging.layers import operators
from tandem_reports.numbers import scaled, shown
from tandem_reports.records.record import Record
from tandem_reports.render.grid import grid

#: Operators of a case that are listed; most letters of a name.
TOP, LONGEST = 10, 48
HEADERS = ("operator", "layer", "kind", "calls", "ms", "share", "device", "precision")


def slowest(record: Record) -> Sequence[Mapping[str, Any]]:
    """The slowest operators of a call; none of a case that was not profiled."""
    return operators(record)[:TOP]


def tables(records: Sequence[Record], style: str = "simple") -> Iterator[tuple[str, str]]:
    """For each case that was profiled its id, and the table of its slowest operators."""
    for record in records:
        if rows := [row(each, whole_s(record)) for each in slowest(record)]:
            yield (
                record.id,
                grid(rows, HEADERS, style, ("left", "left", "left", *["right"] * 3, "left", "left")),
            )


def row(operator: Mapping[str, Any], call_s: float) -> list[str]:
    scale, _ = shown("s")
    return [
        short(operator["name"]),
        short(operator.get("layer", "")),
        operator["kind"],
        scaled(operator["calls"], 1),
        scaled(operator["seconds"], scale),
        f"{operator['seconds'] / call_s:.1%}" if call_s else "",
        operator["device"],
        operator["precision"],
    ]


def whole_s(record: Record) -> float:
    """Seconds of a call while it was profiled: of all operators and of the rest."""
    return sum(parts(record).values())


def short(name: str) -> str:
    """The name; of a long one the two ends."""
    half = LONGEST // 2
    return name if len(name) <= LONGEST else f"{name[: half - 1]}…{name[-half:]}"
