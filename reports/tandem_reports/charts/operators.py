"""Operators of a call: the slowest ones of a case."""

from __future__ import annotations

import altair as alt

from tandem_reports.charts.base import STEP, Chart, of_rows, tips
from tandem_reports.records.record import Record
from tandem_reports.render.operators import short, slowest, whole_s


def of_case(number: int, record: Record) -> Chart | None:
    """A bar for each of the slowest operators."""
    call_s = whole_s(record)
    rows = [
        {
            "case": record.id,
            "operator": f"{place}. {short(' '.join(filter(None, [each['name'], each.get('layer')])))}",
            "kind": each["kind"],
            "layer": each.get("layer", ""),
            "ms": each["seconds"] * 1e3,
            "share": each["seconds"] / call_s,
            "precision": each["precision"],
        }
        for place, each in enumerate(slowest(record), 1)
    ]
    if not rows:
        return None
    bars = (
        of_rows()
        .mark_bar()
        .encode(
            y=alt.Y("operator:N", sort=None, title=None),
            x=alt.X("ms:Q", title="milliseconds of a call"),
            color=alt.Color("kind:N", title=None),
            tooltip=tips("operator:N", "layer:N", "kind:N", "ms:Q", "share:Q", "precision:N"),
        )
    )
    return Chart(
        f"operators-{number}",
        record.id.partition("@")[0],
        "The slowest operators while the runtime's profiler ran, as the runtime names them.",
        rows,
        alt.layer(bars).properties(width="container", height=STEP * len(rows)),
    )
