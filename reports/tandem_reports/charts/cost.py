"""Charts of what speed costs: exactness, memory, and the size of what is shipped."""

from __future__ import annotations

import altair as alt

from tandem_reports.charts.base import STEP, Cases, Chart, Row, of_rows, tips
from tandem_reports.judging.tradeoff import error, pareto, wrong

#: Start of the axis of errors: it is logarithmic, and some answers are exact.
SMALLEST_ERROR = 1e-8
TENS = [10.0**power for power in range(-8, 3)]


def exactness(cases: Cases) -> Chart | None:
    """Speed against error; the cases that no other beats are filled."""
    front, figure_of = pareto(cases.records), error(cases.records)
    rows = [
        row
        | {
            "throughput": record.number("throughput"),
            "error": max(figure_of(record), SMALLEST_ERROR),
            "best": record.id in front,
        }
        for record, row in cases.rows()
    ]
    if not rows:
        return None
    if figure_of is wrong:
        title, scale, axis = "share of wrong answers", alt.Scale(zero=False), alt.Axis(format="~%")
    else:
        title, scale, axis = (
            "error against fp64",
            alt.Scale(type="log"),
            alt.Axis(format="~e", values=TENS),
        )
    base = of_rows().encode(
        x=alt.X(
            "throughput:Q", title="samples a second", scale=alt.Scale(type="log", nice=False, padding=24)
        ),
        y=alt.Y("error:Q", title=title, scale=scale, axis=axis),
    )
    points = base.mark_point(size=80, strokeWidth=2).encode(
        shape=cases.shape(),
        color=cases.colour(),
        fillOpacity=alt.condition("datum.best", alt.value(1), alt.value(0)),
        fill=cases.colour(),
        tooltip=tips("throughput:Q", "error:Q", "batch:O"),
    )
    text = base.mark_text(dy=-12, fontSize=10).encode(text="batch:O").transform_filter("datum.best")
    return Chart(
        "exactness",
        "Error beside speed",
        "To the right is faster, down is more exact. Filled: no other case is better in speed, error or "
        "memory and as good in the others; the number is its batch size.",
        rows,
        alt.layer(points, text).properties(width="container", height=300),
    )


def memory(cases: Cases) -> Chart | None:
    """Peak memory and the artifact of each case."""
    rows = list[Row]()
    for record, row in cases.rows():
        for name, title in (("peak_rss", "peak memory"), ("vram", "GPU memory"), ("artifact", "artifact")):
            if (found := record.number(name)) is not None:
                rows.append(row | {"what": title, "megabytes": found / 1e6})
    if not rows:
        return None
    base = of_rows().encode(y=alt.Y("label:N", sort=None, title=None), x=alt.X("megabytes:Q", title="MB"))
    line = base.mark_line(opacity=0.3).encode(detail="label:N")
    points = base.mark_point(filled=True, size=80, opacity=1).encode(
        shape=alt.Shape("what:N", title=None),
        tooltip=tips("what:N", "megabytes:Q"),
    )
    return Chart(
        "memory",
        "Memory and size",
        "The most memory that a process of the case held, and the size of the file to ship. A runtime "
        "without a file of its own ships the module: 0.",
        rows,
        alt.layer(line, points).properties(width="container", height=STEP * len(cases.records)),
    )
