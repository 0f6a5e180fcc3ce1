"""Budgets: the steps of each case, one behind the other."""

from __future__ import annotations

import altair as alt

from tandem_reports.charts.base import STEP, Cases, Chart, of_rows, tips
from tandem_reports.judging.budget import parts, shares


def steps(cases: Cases) -> Chart | None:
    """A stacked bar for each case that has steps, the quickest first."""
    known = [(record, row) for record, row in cases.rows() if shares(record)]
    ordered = sorted(known, key=lambda each: sum(parts(each[0]).values()))
    rows = [
        row
        | {"step": name.replace("_", " "), "ms": value * 1e3, "share": shares(record)[name], "place": place}
        for record, row in ordered
        for place, (name, value) in enumerate(parts(record).items())
    ]
    if not rows:
        return None
    names = list(dict.fromkeys(row["step"] for row in rows))
    bars = (
        of_rows()
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            y=alt.Y("label:N", sort=None, title=None),
            x=alt.X("ms:Q", stack="zero", title="milliseconds"),
            color=alt.Color("step:N", title=None, scale=alt.Scale(domain=names)),
            order="place:Q",
            tooltip=tips("step:N", "ms:Q", "share:Q"),
        )
    )
    return Chart(
        "steps",
        "Where the time goes",
        "The parts of a request or of a call, one behind the other; of a request the median of each step.",
        rows,
        alt.layer(bars).properties(width="container", height=STEP * len(ordered)),
    )
