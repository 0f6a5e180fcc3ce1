"""Memory from call to call."""

from __future__ import annotations

import altair as alt

from tandem_reports.charts.base import Cases, Chart, of_rows


def over_calls(cases: Cases) -> Chart | None:
    """The resident memory of each case at its looks: a leak rises to the end."""
    rows = [
        row | {"call": looks["calls"], "MB": [each / 1e6 for each in looks["bytes"]]}
        for record, row in cases.rows()
        if (looks := record.detail("looks"))
    ]
    if not rows:
        return None
    lines = (
        of_rows()
        .transform_flatten(["call", "MB"])
        .mark_line(point=True, opacity=0.8)
        .encode(
            x=alt.X("call:Q", title="calls", scale=alt.Scale(nice=False)),
            y=alt.Y("MB:Q", title="resident memory, MB", scale=alt.Scale(zero=False)),
            color=cases.colour(),
            detail="case:N",
            tooltip=["label:N", "call:Q", alt.Tooltip("MB:Q", format=".4~g")],
        )
    )
    return Chart(
        "memory-over-calls",
        "Memory from call to call",
        "Above the imports, in the last process. A line that rises to its end is a leak.",
        rows,
        alt.layer(lines).properties(width="container", height=240),
    )
