"""The page of a history: each case over the saved runs."""

from __future__ import annotations

from collections.abc import Sequence

from tandem_reports.charts import trends as charts
from tandem_reports.judging.history import Trend
from tandem_reports.page import document
from tandem_reports.render.trend import LEGEND, summary


def render(found: Sequence[Trend]) -> str:
    rows, drawn = [], []
    for number, trend in enumerate(found):
        latest, total, points = summary(trend)
        runs = len(trend.costs)
        rows.append({"id": trend.case, "runs": runs, "latest": latest, "total": total, "points": points})
        drawn.append(document.described(charts.trend(trend), str(number)))
    return document.make(
        "trends.html",
        {"charts": {each["id"]: each["spec"] for each in drawn}},
        rows=rows,
        charts=drawn,
        legend=LEGEND,
        cases={trend.case for trend in found},
    )
