"""Curves along an axis: a panel for each kind of case, a line for each runtime in it."""

from __future__ import annotations

import altair as alt

from tandem_reports.charts.base import Cases, Chart, Row, of_rows, tips
from tandem_reports.judging.curves import AXES, KNEE, Curve, curves

#: Panels beside each other, and their size in pixels.
COLUMNS, WIDTH, HEIGHT = 2, 230, 140
#: Most panels of an axis: more are unreadable.
MOST = 12


def along(cases: Cases, name: str) -> Chart | None:
    """What each value on an axis brings, with a ring at each knee."""
    names = {record.id: row for record, row in cases.rows()}
    rows = [row for curve in curves(cases.records, name) for row in rows_of(curve, names)]
    panels = list(dict.fromkeys(row["panel"] for row in rows))[:MOST]
    if not rows:
        return None
    axis = AXES[name]
    title = "milliseconds of a call" if axis.power else "samples a second"
    base = of_rows().encode(
        x=alt.X(
            "value:Q",
            title=axis.name,
            scale=alt.Scale(type="log", base=2, nice=False),
            axis=alt.Axis(values=values(rows)),
        ),
        y=alt.Y("figure:Q", title=title, scale=alt.Scale(zero=True)),
        color=cases.colour(),
    )
    lines = base.mark_line(opacity=0.6).encode(detail="series:N")
    points = base.mark_point(filled=True, size=45, opacity=1).encode(
        tooltip=tips("figure:Q", "ms:Q", "peak_MB:Q")
    )
    knees = base.mark_text(text="◯", fontSize=20).transform_filter("datum.knee")
    marks = alt.layer(lines, points, knees).properties(width=WIDTH, height=HEIGHT)
    return Chart(
        f"curve-{name}",
        f"Over {axis.name}",
        f"A ring is a knee: from there on a doubling brings less than {KNEE:.0%}. The peak of the memory is "
        "shown at each point.",
        [row for row in rows if row["panel"] in panels],
        marks.facet(facet=alt.Facet("panel:N", sort=panels, title=None), columns=COLUMNS).resolve_scale(
            y="independent"
        ),
    )


def rows_of(curve: Curve, names: dict[str, Row]) -> list[Row]:
    knee = None if curve.contended else curve.knee()
    first = curve.points[0]
    panel = curve.name.replace(f"-{first.backend}-", "-", 1)
    return [
        names[each.id]
        | {
            "panel": panel,
            "series": curve.name,
            "value": curve.value(each),
            "figure": curve.time_s(each) * 1e3 if curve.axis.power else each.number("throughput"),
            "ms": curve.time_s(each) * 1e3,
            "peak_MB": (each.number("peak_rss") or 0.0) / 1e6,
            "knee": knee is not None and each.id == knee.id,
        }
        for each in curve.points
    ]


def values(rows: list[Row]) -> list[int]:
    return sorted({row["value"] for row in rows})
