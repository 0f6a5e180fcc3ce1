"""Charts of what was judged, and of figures whose question the charts do not know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from tandem_reports.charts.base import STEP, Cases, Chart, constant, of_rows, tips
from tandem_reports.numbers import shown
from tandem_reports.records.verdict import KINDS


def changes(verdicts: Sequence[Mapping[str, Any]]) -> Chart | None:
    """The change of each case with its interval, and the gate."""
    rows = [
        {
            "case": each["case"],
            "verdict": each["kind"],
            "change": each["change"],
            "low": each["low"],
            "high": each["high"],
            "gate": each["gate"],
        }
        for each in sorted(verdicts, key=lambda each: KINDS.index(each["kind"]))
        if each["change"] is not None
    ]
    if not rows:
        return None
    gates = {row["gate"] for row in rows if row["gate"] is not None}
    limit = f", the gate of {max(gates):+.1%}" if gates else ""
    base = of_rows().encode(y=alt.Y("case:N", sort=None, title=None))
    change = alt.X("change:Q", title="change of a call's time", axis=alt.Axis(format="+~%"))
    points = base.mark_point(filled=True, size=80, opacity=1).encode(
        x=change,
        shape=alt.Shape("verdict:N", title=None),
        tooltip=tips("verdict:N", "change:Q", "low:Q", "high:Q"),
    )
    ends = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q")
    gate = constant().mark_rule(strokeDash=[4, 3]).encode(x=alt.datum(max(gates, default=0)))
    none = constant().mark_rule(opacity=0.5).encode(x=alt.datum(0))
    return Chart(
        "changes",
        "Change against the baseline",
        f"To the right is slower. A case regressed if its whole interval is beyond the dashed line{limit}.",
        rows,
        alt.layer(none, gate, ends, points).properties(width="container", height=STEP * len(rows)),
    )


def headlines(scenario: str, cases: Cases) -> Chart | None:
    """The figure that each case of a scenario leads with, and its interval."""
    sections = [each for record in cases.records for each in record.sections.values()]
    name = next((each.headline for each in sections), "")
    found = [(row, figure) for record, row in cases.rows() if (figure := record.figure(name))]
    if not found:
        return None
    scale, unit = shown(found[0][1].unit)
    rows = [
        row
        | {
            "label": row["case"].partition("@")[0],
            "value": figure.value * scale,
            "low": figure.low if figure.low is None else figure.low * scale,
            "high": figure.high if figure.high is None else figure.high * scale,
        }
        for row, figure in sorted(found, key=lambda each: each[1].value)
    ]
    base = of_rows().encode(y=alt.Y("label:N", sort=None, title=None))
    bars = base.mark_bar(opacity=0.8).encode(
        x=alt.X("value:Q", title=f"{name.replace('_', ' ')}, {unit}" if unit else name.replace("_", " ")),
        color=cases.colour(),
        tooltip=tips("value:Q", "low:Q", "high:Q"),
    )
    ends = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q")
    return Chart(
        scenario.replace("_", "-"),
        scenario.replace("_", " ").capitalize(),
        "The line on a bar is the 95 % interval.",
        rows,
        alt.layer(bars, ends).properties(width="container", height=STEP * len(rows)),
    )
