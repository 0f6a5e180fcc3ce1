"""Tables of curves: a row for each, with its knee and the memory at its ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tandem_reports.judging.best import megabytes
from tandem_reports.judging.curves import AXES, KNEE, Curve, curves
from tandem_reports.numbers import scaled
from tandem_reports.records.record import Record
from tandem_reports.render.grid import grid

#: Mark of a knee that the intervals do not decide.
UNSURE = "?"
LEGEND = (
    f"knee: from there on a doubling brings less than {KNEE:.0%}; {UNSURE}: the intervals do not decide it"
)


def tables(records: Sequence[Record], style: str = "simple") -> Iterator[tuple[str, str]]:
    """For each axis with curves a title, and the table."""
    for name, axis in AXES.items():
        if found := list(curves(records, name)):
            what = "ms of a call" if axis.power else "samples a second"
            yield f"{what} over {axis.name}", render(found, style)


def render(found: Sequence[Curve], style: str = "simple") -> str:
    """The curves along one axis."""
    axis = found[0].axis
    values = sorted({curve.value(each) for curve in found for each in curve.points})
    more = ["a doubling takes"] if axis.power else []
    rows = [
        [
            curve.name,
            *cells(curve, values),
            *([longer(curve)] if axis.power else []),
            knee(curve),
            memory(curve),
        ]
        for curve in found
    ]
    headers = ["case", *(f"{axis.tag}{value}" for value in values), *more, "knee", "peak memory"]
    return grid(rows, headers, style, ["left", *["right"] * (len(headers) - 1)])


def cells(curve: Curve, values: Sequence[int]) -> list[str]:
    """The figure at each of the values; empty where the curve has no point."""
    points = {curve.value(each): each for each in curve.points}
    return [figure(curve, points[value]) if value in points else "" for value in values]


def figure(curve: Curve, record: Record) -> str:
    """Milliseconds along the size of a sample, otherwise samples a second."""
    if curve.axis.power:
        return scaled(curve.time_s(record), 1e3)
    return scaled(record.number("throughput"), 1)


def longer(curve: Curve) -> str:
    """The factor of the time for a doubling; empty if it is not known."""
    found = curve.longer()
    return f"{found:.2f}x" if found is not None else ""


def knee(curve: Curve) -> str:
    """The value at the knee; empty without one."""
    if curve.contended:
        return "contended"
    found = curve.knee()
    return f"{curve.value(found)}{'' if curve.decided(found) else UNSURE}" if found else ""


def memory(curve: Curve) -> str:
    """The peak at the first point and at the last one."""
    ends = [each.number("peak_rss") for each in (curve.points[0], curve.points[-1])]
    return " to ".join(megabytes(each) for each in ends if each is not None)
