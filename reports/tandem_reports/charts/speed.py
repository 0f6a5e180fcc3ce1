"""Charts of speed: over the reference, over batch sizes, and call by call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import altair as alt

from tandem_reports.charts.base import STEP, Cases, Chart, Row, constant, of_rows, tips
from tandem_reports.judging.best import by_latency
from tandem_reports.render.table import references, speedup

#: Points of a distribution at most: its highest calls all have one, others are left out evenly.
POINTS, HIGHEST = 120, 20
#: Longest interval that is drawn whole, as a multiple of the largest speedup.
WIDE = 3


def speedups(cases: Cases) -> Chart | None:
    """A bar for each case whose speedup can be told, with its 95 % interval."""
    rows = list[Row]()
    for record, row in sorted(cases.rows(), key=lambda each: (each[0].batch, by_latency(each[0]))):
        found = record.figure("speedup")
        if found and speedup(record)[0]:
            values = {"speedup": found.value, "low": found.low, "high": found.high}
            rows.append(row | values | {"text": speedup(record)[0]})
    if not rows:
        return None
    # The interval of two processes may end anywhere: it must not make all bars short.
    most = min(max(row["high"] for row in rows), WIDE * max(row["speedup"] for row in rows))
    base = of_rows().encode(y=alt.Y("label:N", sort=None, title=None))
    bars = base.mark_bar(opacity=0.8).encode(
        x=alt.X(
            "speedup:Q",
            axis=alt.Axis(tickCount=6),
            scale=alt.Scale(domainMax=1.15 * most, nice=False),  # with room for a label
            title=f"times as fast as {references(cases.records, 'the reference')}",
        ),
        color=cases.colour(),
        tooltip=tips("speedup:Q", "low:Q", "high:Q"),
    )
    ends = base.mark_rule(strokeWidth=2, clip=True).encode(x="low:Q", x2="high:Q")
    same = constant().mark_rule(strokeDash=[4, 3]).encode(x=alt.datum(1))
    text = (
        base.transform_calculate(end=f"min(datum.high, {most})")
        .mark_text(align="left", dx=6)
        .encode(x="end:Q", text="text:N")
    )
    return Chart(
        "speedup",
        "Speedup",
        "Longer is faster. The line on a bar is the 95 % interval; the dashed line is the reference itself.",
        rows,
        alt.layer(bars, ends, same, text).properties(height=STEP * len(rows), width="container"),
    )


def throughput(cases: Cases) -> Chart | None:
    """Latency against throughput, a line over batch sizes; the Pareto front is ringed."""
    rows = [
        row
        | {
            "series": repr({name: value for name, value in record.case.items() if name != "batch"}),
            "ms": by_latency(record) * 1e3,
            "throughput": record.number("throughput"),
        }
        for record, row in sorted(cases.rows(), key=lambda each: each[0].batch)
    ]
    for row in rows:
        row["front"] = not any(
            other["ms"] <= row["ms"]
            and other["throughput"] >= row["throughput"]
            and (other["ms"], other["throughput"]) != (row["ms"], row["throughput"])
            for other in rows
        )
    if not rows:
        return None
    base = of_rows().encode(
        x=alt.X("ms:Q", scale=alt.Scale(type="log", nice=False, padding=24), title="milliseconds of a call"),
        y=alt.Y(
            "throughput:Q", scale=alt.Scale(type="log", nice=False, padding=24), title="samples a second"
        ),
    )
    lines = base.mark_line(opacity=0.5).encode(color=cases.colour(), detail="series:N", order="batch:Q")
    points = base.mark_point(size=70, filled=True, opacity=1).encode(
        color=cases.colour(), shape=cases.shape(), tooltip=tips("ms:Q", "throughput:Q")
    )
    front = base.mark_text(text="◯", fontSize=20).transform_filter("datum.front")
    text = base.mark_text(dy=-14, fontSize=10).encode(text="batch:O")
    return Chart(
        "throughput",
        "Latency against throughput",
        "Up and to the left is better. A line joins the batch sizes of a case, which stand above its points. "
        "No other case is better in both than a case with a ring.",
        rows,
        alt.layer(lines, front, points, text).properties(width="container", height=320),
    )


def distribution(samples: Mapping[str, Sequence[float]], cases: Cases) -> Chart | None:
    """The share of calls that take longer than a time, on a logarithmic axis, for cases of a batch size."""
    rows = [row | slower(found) for record, row in cases.rows() if (found := samples.get(record.id))]
    if not rows:
        return None
    picked = alt.selection_point(fields=["runtime"], bind="legend")
    share = alt.Y(
        "slower:Q",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(format="~%", values=[1, 0.5, 0.1, 0.05, 0.01, 0.001]),
        title="calls that take longer",
    )
    lines = (
        of_rows()
        .transform_flatten(["ms", "slower"])
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X("ms:Q", scale=alt.Scale(zero=False), title="milliseconds of a call"),
            y=share,
            color=cases.colour(),
            strokeDash=alt.StrokeDash("precision:N", title=None),
            detail="case:N",
            opacity=alt.condition(picked, alt.value(1), alt.value(0.1)),
            tooltip=tips("ms:Q", "slower:Q"),
        )
        .add_params(picked)
        .properties(width="container", height=240)
    )
    return Chart(
        f"distribution-b{cases.records[0].batch}",
        f"Slow calls at batch {cases.records[0].batch}",
        "To the left is faster, and steep is steady. A line meets 50 % at p50, 10 % at p90, 1 % at p99. "
        "A runtime's name in the legend picks its lines.",
        rows,
        lines,
    )


def slower(samples_s: Sequence[float]) -> Row:
    """Times in milliseconds, each with the share of calls that take at least as long."""
    ordered, count = sorted(samples_s), len(samples_s)
    rest = max(count - HIGHEST, 0)
    step = max(1, -(-rest // (POINTS - HIGHEST)))
    chosen = (*range(0, rest, step), *range(rest, count))
    return {
        "ms": milliseconds(ordered[at] for at in chosen),
        "slower": [round((count - at) / count, 5) for at in chosen],
    }


def over_time(samples_s: Sequence[float]) -> Chart:
    """The calls of a case one after the other: drift, jumps and two speeds are seen here."""
    base = of_rows().transform_flatten(["call", "ms"])
    points = base.mark_point(size=14, filled=True, opacity=0.7).encode(
        x=alt.X("call:Q", title="call", scale=alt.Scale(nice=False)),
        y=alt.Y("ms:Q", title="milliseconds", scale=alt.Scale(zero=False)),
        tooltip=[alt.Tooltip("call:Q"), alt.Tooltip("ms:Q", format=".4~g")],
    )
    median = base.mark_rule(strokeDash=[4, 3]).encode(y="median(ms):Q")
    found = milliseconds(samples_s)
    return Chart(
        "calls",
        "Call by call",
        "In the order of the calls; the dashed line is their median.",
        [{"call": list(range(1, len(found) + 1)), "ms": found}],
        alt.layer(points, median).properties(width="container", height=180),
    )


def milliseconds(samples_s: Iterable[float]) -> list[float]:
    """With five significant digits: a page holds many thousands of them."""
    return [float(f"{each * 1e3:.5g}") for each in samples_s]
