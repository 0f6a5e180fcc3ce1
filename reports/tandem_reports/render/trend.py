"""Trends as a table for the terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tandem_reports.judging import change_points
from tandem_reports.judging.change_points import ChangePoint
from tandem_reports.judging.history import Trend
from tandem_reports.numbers import told
from tandem_reports.records.run import changes
from tandem_reports.render.grid import grid
from tandem_reports.render.verdicts import percent

HEADERS = ("case", "runs", "latest", "since first", "trend", "level changed at")
LEGEND = "latest: a number without a unit is a multiple of the time of the yardstick"
BARS = "▁▂▃▄▅▆▇█"
WIDTH = 24
#: Least height of the bars, as a share of the lowest.
LEAST_SPAN = 0.1
#: Most change points that are listed for a case.
MOST_LINES = 4


def render(trends: Sequence[Trend], style: str = "simple") -> str:
    """A row for each case."""
    rows = []
    for trend in trends:
        latest, total, points = summary(trend)
        count = str(len(trend.costs))
        rows.append((trend.case, count, latest, total, bars(trend.costs), "\n".join(points)))
    alignment = ("left", "right", "right", "right", "left", "left")
    table = grid(rows, HEADERS, style, alignment)
    return f"{table}\n\n{LEGEND}"


def summary(trend: Trend) -> tuple[str, str, list[str]]:
    """The latest cost, the change since the first run, and a line for each change point."""
    total = change_points.total_change(trend.costs, trend.changes)
    latest = told(trend.costs[-1], trend.unit) if trend.unit else f"{trend.costs[-1]:.3g}"
    return latest, percent(total) if trend.changes else "steady", describe_all(trend)


def describe_all(trend: Trend) -> list[str]:
    """A line for each change point; many small steps in one direction are a drift, with one line."""
    points = trend.changes
    if len(points) > MOST_LINES and len({point.change > 0 for point in points}) == 1:
        first, last = (trend.runs[points[at].index].name for at in (0, -1))
        return [f"a drift in {len(points)} small steps, {first} to {last}"]
    listed = sorted(points, key=lambda point: -abs(point.change))[:MOST_LINES]
    more = [f"and {len(points) - MOST_LINES} smaller steps"] if len(points) > MOST_LINES else []
    return [describe(trend, point) for point in points if point in listed] + more


def describe(trend: Trend, point: ChangePoint) -> str:
    """Place and size of a change of level, with the versions and commits that changed there."""
    before, after = trend.runs[point.index - 1], trend.runs[point.index]
    causes = changes(before.versions, after.versions)
    if before.commit != after.commit and before.commit and after.commit:
        causes.append(f"commits {before.commit[:9]}..{after.commit[:9]}")
    return "; ".join([f"{after.name} {percent(point.change)}", *causes])


def bars(costs: Sequence[float]) -> str:
    """The course of the costs in a line of characters, scaled from the least cost to the greatest.

    The height stands for ``LEAST_SPAN`` at least: otherwise mere noise would fill the line.
    """
    step = max(1, math.ceil(len(costs) / WIDTH))
    means = [sum(costs[at : at + step]) / len(costs[at : at + step]) for at in range(0, len(costs), step)]
    low = min(means)
    high = max(*means, low * (1 + LEAST_SPAN))
    return "".join(BARS[round((mean - low) / (high - low) * (len(BARS) - 1))] for mean in means)
