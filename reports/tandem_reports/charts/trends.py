"""A case over the saved runs, with its levels and change points."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import altair as alt

from tandem_reports.charts.base import Chart, of_rows
from tandem_reports.judging.history import Trend
from tandem_reports.numbers import shown
from tandem_reports.render.trend import describe

CAPTION = (
    "A point is a saved run: what is judged of a case, for a call in turns of the yardstick. Lines are the "
    "levels between change points."
)


def trend(found: Trend) -> Chart:
    return Chart(
        "trend",
        found.case,
        CAPTION,
        rows(found),
        _marks(title([found])).properties(width="container", height=160),
    )


def trends(found: Sequence[Trend]) -> Chart:
    """All cases in one chart, one below the other."""
    everything = [row for each in found for row in rows(each)]
    marks = _marks(title(found)).properties(width=760, height=130).facet(row=alt.Row("case:N", title=None))
    return Chart(
        "trends", "Trends", CAPTION, everything, marks.resolve_scale(x="independent", y="independent")
    )


def rows(found: Trend) -> list[dict[str, object]]:
    """A row for each run; a run at which the level changed tells what changed with it."""
    scale, _ = shown(found.unit)
    points = {point.index: point for point in found.changes}
    bounds = [0, *points, len(found.costs)]
    levels = [
        sum(found.costs[start:end]) / (end - start)
        for start, end in itertools.pairwise(bounds)
        for _ in range(start, end)
    ]
    return [
        {
            "case": found.case,
            "number": number,
            "run": run.name,
            "saved": run.saved_at[:10],
            "cost": cost * scale,
            "level": level * scale,
            "change": describe(found, points[number]) if number in points else "",
        }
        for number, (run, cost, level) in enumerate(zip(found.runs, found.costs, levels, strict=True))
    ]


def title(found: Sequence[Trend]) -> str:
    """The title of the axis: the unit of all trends, if they have one."""
    units = {each.unit for each in found}
    if len(units) > 1:
        return "cost"
    return shown(units.pop())[1] or "× yardstick"


def _marks(title: str) -> Any:
    base = of_rows().encode(
        x=alt.X("run:O", sort=None, title="run", axis=alt.Axis(labelOverlap=True, labelAngle=0)),
    )
    cost = alt.Y("cost:Q", title=title, scale=alt.Scale(zero=False))
    points = base.mark_point(filled=True, size=30, opacity=0.8).encode(
        y=cost, tooltip=["run:N", "saved:N", alt.Tooltip("cost:Q", format=".3~g"), "change:N"]
    )
    level = base.mark_line(interpolate="step", strokeWidth=2).encode(y="level:Q")
    changed = base.mark_rule(strokeDash=[4, 3]).transform_filter("datum.change")
    text = (
        base.mark_text(align="left", baseline="top", dx=4, fontSize=10)
        .encode(y=alt.value(2), text="change:N")
        .transform_filter("datum.change")
    )
    return alt.layer(points, level, changed, text)
