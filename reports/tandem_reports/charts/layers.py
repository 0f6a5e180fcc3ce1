"""Two profiles of the same network side by side."""

from __future__ import annotations

import altair as alt

from tandem_reports.charts.base import STEP, Cases, Chart, of_rows, tips
from tandem_reports.judging.layers import compared, pairs
from tandem_reports.render.layers import TOP
from tandem_reports.render.operators import short


def beside(cases: Cases) -> list[Chart]:
    """A chart for each case that was set beside another one: two bars for each part of the network."""
    names = {record.id: row for record, row in cases.rows()}
    found = []
    for number, (record, other) in enumerate(pairs(cases.records), 1):
        labels = [names[each.id]["label"] for each in (record, other)]
        chosen = compared(record, other)[:TOP]
        rows = [
            names[one.id] | {"part": short(each.part), "ms": seconds * 1e3}
            for each in chosen
            for one, seconds in ((record, each.seconds), (other, each.other_s))
        ]
        bars = (
            of_rows()
            .mark_bar()
            .encode(
                y=alt.Y("part:N", sort=[short(each.part) for each in chosen], title=None),
                yOffset=alt.YOffset("label:N", sort=labels),
                x=alt.X("ms:Q", title="milliseconds of a call"),
                color=cases.colour(),
                tooltip=tips("part:N", "label:N", "ms:Q"),
            )
        )
        found.append(
            Chart(
                f"layers-{number}",
                " beside ".join(labels),
                "The parts of the network that differ most: the time of their operators while profilers ran.",
                rows,
                alt.layer(bars).properties(width="container", height=2 * STEP * len(chosen)),
            )
        )
    return found
