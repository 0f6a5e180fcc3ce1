"""The page of a history: each case over the saved runs."""

from __future__ import annotations

from collections.abc import Sequence

from tandem_reports.charts import trends as charts
from tandem_reports.judging import change_points
from tandem_reports.judging.history import Trend
from tandem_reports.page import document
from tandem_reports.render.trend import LEGEND, describe_all
from tandem_reports.render.verdicts import percent


def render(found: Sequence[Trend]) -> str:
    rows, drawn = [], []
    for number, trend in enumerate(found):
        points = change_points.find(trend.costs)
        total = change_points.total_change(trend.costs, points)
        rows.append(
            {
                "id": trend.case,
                "runs": len(trend.costs),
                "latest": f"{trend.costs[-1]:.3g}",
                "total": percent(total) if points else "steady",
                "points": describe_all(trend, points),
            }
        )
        drawn.append(document.described(charts.trend(trend), str(number)))
    return document.make(
        "trends.html",
        {"charts": {each["id"]: each["spec"] for each in drawn}},
        rows=rows,
        charts=drawn,
        legend=LEGEND,
        cases={trend.case for trend in found},
    )
