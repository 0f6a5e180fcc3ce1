"""Latency against load: what was measured, and what a queue foretold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import altair as alt

from tandem_reports.charts.base import Cases, Chart, Row, of_rows, tips
from tandem_reports.judging.loads import levels
from tandem_reports.records.record import Record

#: Panels beside each other, and their size in pixels.
COLUMNS, WIDTH, HEIGHT = 2, 230, 170
#: Most panels.
MOST = 12
MEASURED, FORETOLD = "measured", "foretold"
PERCENTILES = ("p50", "p99")


def against_load(cases: Cases) -> Chart | None:
    """Median and 99th percentile at each level of load, in LoadGen's run and in the queue foretold."""
    rows = [row for record, own in cases.rows() for row in rows_of(record, own)]
    panels = list(dict.fromkeys(row["panel"] for row in rows))[:MOST]
    if not rows:
        return None
    base = of_rows().encode(
        x=alt.X("utilisation:Q", title="rate over the highest one served", axis=alt.Axis(format="%")),
        y=alt.Y("ms:Q", title="milliseconds", scale=alt.Scale(type="log")),
        color=cases.colour(),
    )
    measured = base.transform_filter(f"datum.kind == '{MEASURED}'")
    marks = alt.layer(
        base.transform_filter(f"datum.kind == '{FORETOLD}'")
        .mark_line(opacity=0.6, strokeDash=[5, 3])
        .encode(detail="percentile:N"),
        measured.mark_rule().encode(y="low:Q", y2="high:Q"),
        measured.mark_point(filled=True, size=55, opacity=1).encode(
            shape=alt.Shape("percentile:N", title=None),
            tooltip=tips("percentile:N", "rate:Q", "ms:Q", "low:Q", "high:Q"),
        ),
    ).properties(width=WIDTH, height=HEIGHT)
    return Chart(
        "against-load",
        "Latency against load",
        "Points are LoadGen's queries, with the 95 % interval; dashed lines are p50 and p99 of the queue "
        "that measured times of service foretell. Latency counts from when a query was due.",
        [row for row in rows if row["panel"] in panels],
        marks.facet(facet=alt.Facet("panel:N", sort=panels, title=None), columns=COLUMNS),
    )


def lost(cases: Cases) -> Chart | None:
    """The share of queries that found the line full, at each level of load."""
    rows = [
        own | {"utilisation": point["utilisation"], "lost": point["lost"], "kind": kind}
        for record, own in cases.rows()
        for kind, point in _losses(record)
    ]
    if not any(row["lost"] for row in rows):
        return None
    marks = (
        of_rows()
        .mark_line(point=True)
        .encode(
            x=alt.X("utilisation:Q", title="rate over the highest one served", axis=alt.Axis(format="%")),
            y=alt.Y("lost:Q", title="queries lost", axis=alt.Axis(format="%")),
            color=cases.colour(),
            detail="case:N",
            tooltip=tips("kind:N", "utilisation:Q", "lost:Q"),
        )
    )
    return Chart(
        "lost-under-load",
        "Queries lost under load",
        "A query that finds the line full is lost at once: see --queue-limit.",
        rows,
        alt.layer(marks).properties(width="container", height=HEIGHT),
    )


def _losses(record: Record) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for level in levels(record):
        if level.utilisation:
            share = level.told["lost"] / level.told["queries"]
            yield MEASURED, {"utilisation": level.utilisation, "lost": share}
    for point in record.detail("curve", ()):
        yield FORETOLD, point


def rows_of(record: Record, own: Row) -> Iterator[Row]:
    """The points of a case: those of a level that was measured, or of a curve that was foretold."""
    own = own | {"panel": record.id.partition("@")[0]}
    for level in levels(record):
        if not level.utilisation:
            continue
        place = own | {"utilisation": level.utilisation, "rate": level.rate}
        for name in PERCENTILES:
            if ends := level.interval(name):
                yield place | _point(MEASURED, name, level.seconds(name)) | {
                    "low": ends[0] * 1e3, "high": ends[1] * 1e3,
                }  # fmt: skip
            if foretold := level.foretold(name):
                yield place | _point(FORETOLD, name, foretold)
    for point in record.detail("curve", ()):
        place = own | {"utilisation": point["utilisation"], "rate": point["rate"]}
        for name in PERCENTILES:
            yield place | _point(FORETOLD, name, point[name]["value"])


def _point(kind: str, name: str, seconds: float | None) -> Row:
    return {"kind": kind, "percentile": name, "ms": (seconds or 0.0) * 1e3}
