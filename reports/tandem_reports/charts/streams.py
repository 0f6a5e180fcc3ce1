"""Streams of video: what more of them cost, and what a controller chose."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt

from tandem_reports.charts.base import STEP, Cases, Chart, Row, of_rows, tips
from tandem_reports.records.record import Record
from tandem_reports.render.table import short_names

HEIGHT = 170


def by_number(cases: Cases) -> Chart | None:
    """The 99th percentile and the share of dropped frames, by the number of streams."""
    rows = [
        own
        | {
            "streams": level["streams"],
            "p99": None if level["p99"] is None else level["p99"] * 1e3,
            "dropped": (level["late"] + level["replaced"]) / max(1, level["captured"]),
            "held": "holds" if all(level["held"]) else "breaks",
        }
        for record, own in cases.rows()
        for level in record.detail("watched") or ()
    ]
    if not rows:
        return None
    base = of_rows().encode(
        x=alt.X("streams:Q", axis=alt.Axis(tickMinStep=1), scale=alt.Scale(type="log")),
        color=cases.colour(),
        detail="case:N",
        tooltip=tips("case:N", "streams:Q", "p99:Q", "dropped:Q", "held:N"),
    )
    panels = [
        alt.layer(
            base.mark_line().encode(
                y=y, strokeDash=alt.StrokeDash("precision:N", legend=alt.Legend(orient="bottom"))
            ),
            base.mark_point(filled=True, size=60, opacity=1).encode(
                y=y, shape=alt.Shape("held:N", title="bound", legend=alt.Legend(orient="bottom"))
            ),
        ).properties(width=180, height=HEIGHT)
        for y in (
            alt.Y("p99:Q", title="p99, ms from capture", scale=alt.Scale(type="log")),
            alt.Y("dropped:Q", title="frames dropped", axis=alt.Axis(format="%")),
        )
    ]
    return Chart(
        "streams",
        "Latency and dropped frames by the number of streams",
        "A point is a run of so many streams. Latency is from capture to result, of the frames looked at. "
        "A run with fewer than 662 of them has no p99, and no point on the left.",
        rows,
        alt.hconcat(*panels),
    )


def chosen(number: int, record: Record) -> Chart | None:
    """The ways that a controller took in its run with the most streams, over time."""
    rows = list(_taken(record))
    if not rows:
        return None
    marks = (
        of_rows()
        .mark_bar(height=STEP / 2)
        .encode(
            x=alt.X("from:Q", title="seconds"),
            x2="until:Q",
            y=alt.Y("way:N", sort=[each["words"] for each in record.detail("ways")], title=None),
            tooltip=tips("way:N", "from:Q", "until:Q"),
        )
    )
    (name,) = short_names([record]).values()
    steps = dict.fromkeys((each["step"], each["streams"]) for each in record.detail("steps") or ())
    counts = [str(count) for _, count in steps] or [str(rows[0]["streams"])]
    load = f"in steps of {', '.join(counts)}" if len(counts) > 1 else f"with {counts[0]}"
    return Chart(
        f"controller-{number}",
        f"Choices of the controller of {name}",
        f"The ways that it took {load} streams. The first process is drawn.",
        rows,
        alt.layer(marks).properties(width="container", height=STEP * len({row["way"] for row in rows})),
    )


def _taken(record: Record) -> Iterator[Row]:
    ways, levels = record.detail("ways"), record.detail("watched")
    if not ways or not levels:
        return
    level = max(levels, key=lambda each: each["streams"])
    taken = level["ways"][0]
    ends = [*(at_s for at_s, _ in taken[1:]), level["elapsed_s"][0]]
    for (at_s, place), end in zip(taken, ends, strict=True):
        words = ways[place]["words"]
        yield {"way": words, "from": at_s, "until": end, "streams": level["streams"]}
