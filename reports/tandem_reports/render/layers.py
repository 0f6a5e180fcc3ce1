"""Tables of two profiles side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tandem_reports.judging.budget import parts
from tandem_reports.judging.layers import Row, compared, pairs
from tandem_reports.numbers import scaled, shown
from tandem_reports.records.record import Record
from tandem_reports.render.grid import grid
from tandem_reports.render.operators import short
from tandem_reports.render.table import short_names

#: Parts of a network that are listed; the rest is one row.
TOP = 15


def tables(records: Sequence[Record], style: str = "simple") -> Iterator[tuple[str, str, str]]:
    """The ids of two cases, and the table of both."""
    for record, other in pairs(records):
        rows = shortened(compared(record, other))
        wholes = sum(parts(record).values()), sum(parts(other).values())
        rows += [
            Row("outside operators", *(max(0.0, a - b) for a, b in zip(wholes, ends(rows), strict=True)))
        ]
        rows += [Row("a profiled call", *wholes)]
        names = short_names([record, other])
        headers = ["part of the network", names[record.id], names[other.id], "difference"]
        yield record.id, other.id, grid(list(map(cells, rows)), headers, style, ("left", *["right"] * 3))


def shortened(rows: Sequence[Row]) -> list[Row]:
    """The rows with the largest differences, the sum of all others, and the sum of all."""
    rest = rows[TOP:]
    found = [*rows[:TOP], *([added(f"{len(rest)} others", rest)] if rest else [])]
    return [*found, added("all operators", rows)]


def ends(rows: Sequence[Row]) -> tuple[float, float]:
    return rows[-1].seconds, rows[-1].other_s


def added(name: str, rows: Sequence[Row]) -> Row:
    return Row(name, sum(each.seconds for each in rows), sum(each.other_s for each in rows))


def cells(row: Row) -> list[str]:
    scale, _ = shown("s")
    sign = "+" if row.more_s > 0 else ""
    times = [scaled(value, scale) for value in (row.seconds, row.other_s)]
    return [short(row.part), *times, f"{sign}{scaled(row.more_s, scale)}"]
