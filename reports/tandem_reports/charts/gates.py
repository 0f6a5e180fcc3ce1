"""The gate on synthetic machines: what it finds and what it passes, by the size of the slowdown."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from tandem_reports.charts.base import Chart, Row, of_rows
from tandem_reports.judging.suites import Point

CAPTION = (
    "Cases with an alarm, and cases that passed, by their slowdown in units of the gate. The rest is "
    "undecided. An alarm at 0 is false; to pass beyond 1 is a miss. On the left are those whose first "
    "interval, of three processes, holds the slowdown. Each case is judged as one of a suite."
)
FOUND, PASSED, HELD = "with an alarm", "passed", "first interval holds it"


def gates(points: Sequence[Point]) -> Chart:
    panel = (
        of_rows()
        .mark_line(point=True)
        .encode(
            x=alt.X("multiple:Q", title="slowdown / gate"),
            y=alt.Y("share:Q", title="cases", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
            color=alt.Color("machine:N", title=None, sort=None),
            tooltip=["machine:N", "multiple:Q", alt.Tooltip("share:Q", format=".1%")],
        )
        .properties(width=240, height=200)
    )
    marks = panel.facet(
        row=alt.Row("against:N", title=None), column=alt.Column("kind:N", title=None, sort=None)
    )
    return Chart("gates", "The gate on synthetic machines", CAPTION, rows(points), marks)


def rows(points: Sequence[Point]) -> list[Row]:
    return [
        {
            "machine": each.machine,
            "against": f"{each.mode}, gate {each.gate:.0%}",
            "multiple": each.planted / each.gate,
            "kind": kind,
            "share": share,
        }
        for each in points
        for kind, share in ((FOUND, each.alarms), (PASSED, each.passed), (HELD, each.coverage))
    ]
