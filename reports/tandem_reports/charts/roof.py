"""The roofline: what each case computes a second, below what this machine can."""

from __future__ import annotations

import altair as alt

from tandem_reports.charts.base import Cases, Chart, Row, of_rows, tips
from tandem_reports.judging.best import by_latency


def roofline(cases: Cases) -> Chart | None:
    """Operations a second over the operations for each byte, with the ceiling of each case."""
    rows = list[Row]()
    for record, row in cases.rows():
        if roof := record.detail("roof"):
            values = {
                "intensity": roof["flops"] / roof["moved_bytes"],
                "gflops": roof["flops"] / by_latency(record) / 1e9,
                "ceiling": roof["flops"] / roof["least_s"] / 1e9,
                "share": record.number("of_roof"),
                "bound": roof["bound"],
            }
            rows.append(row | values)
    if not rows:
        return None
    log = alt.Scale(type="log", nice=False, padding=24)
    base = of_rows().encode(
        x=alt.X("intensity:Q", scale=log, title="operations for each byte that must be moved")
    )
    height = alt.Y("gflops:Q", scale=log, title="GFLOP a second")
    lines = base.mark_rule(opacity=0.4).encode(y=height, y2="ceiling:Q")
    ceilings = base.mark_tick(orient="horizontal", thickness=2, size=14).encode(y="ceiling:Q")
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        y=height,
        color=cases.colour(),
        shape=cases.shape(),
        tooltip=tips("gflops:Q", "ceiling:Q", "share:Q", "bound:N"),
    )
    return Chart(
        "roofline",
        "Roofline",
        "A line goes up from each case to its ceiling: the most that this machine can compute or move a "
        "second in that precision. Near it only fewer bits, a smaller network or another machine help.",
        rows,
        alt.layer(lines, ceilings, points).properties(width="container", height=320),
    )
