"""Trends as a table for the terminal, and as a plot."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path

from tabulate import tabulate

from tandem_reports.judging import change_points
from tandem_reports.judging.change_points import ChangePoint
from tandem_reports.judging.history import Trend
from tandem_reports.records.run import changes
from tandem_reports.render.verdicts import percent

HEADERS = ("case", "runs", "latest", "since first", "trend", "level changed at")
LEGEND = "latest: in turns of the yardstick; for cases with an @, such as cold starts, in seconds"
BARS = "▁▂▃▄▅▆▇█"
WIDTH = 24
#: Most change points that are listed for a case.
MOST_LINES = 4
#: Most panels of a plot: more are unreadable.
MOST_PANELS = 24


def render(trends: Sequence[Trend], style: str = "simple") -> str:
    """A row for each case; the latest cost is in units of the yardstick."""
    rows = []
    for trend in trends:
        points = change_points.find(trend.costs)
        total = change_points.total_change(trend.costs, points)
        rows.append(
            (
                trend.case,
                str(len(trend.costs)),
                f"{trend.costs[-1]:.3g}",
                percent(total) if points else "steady",
                bars(trend.costs),
                "\n".join(describe_all(trend, points)),
            )
        )
    alignment = ("left", "right", "right", "right", "left", "left")
    table = tabulate(rows, HEADERS, tablefmt=style, colalign=alignment, disable_numparse=True)
    return f"{table}\n\n{LEGEND}"


def describe_all(trend: Trend, points: Sequence[ChangePoint]) -> list[str]:
    """A line for each change point; many small steps in one direction are a drift, with one line."""
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
    """The course of the costs in a line of characters, scaled from the least cost to the greatest."""
    step = max(1, math.ceil(len(costs) / WIDTH))
    means = [sum(costs[at : at + step]) / len(costs[at : at + step]) for at in range(0, len(costs), step)]
    low, high = min(means), max(means)
    if high == low:
        return BARS[0] * len(means)
    return "".join(BARS[round((mean - low) / (high - low) * (len(BARS) - 1))] for mean in means)


def plot(trends: Sequence[Trend], path: Path) -> None:
    """A panel for each case, with its levels and change points, as PNG, SVG or PDF by the file's name.

    Raises ``ValueError`` for too many cases or an unknown kind of file, ``ModuleNotFoundError``
    without matplotlib.
    """
    if len(trends) > MOST_PANELS:
        raise ValueError(
            f"{len(trends)} cases are too many for a plot, {MOST_PANELS} fit: choose with --case"
        )
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(
        len(trends), 1, figsize=(10, 1 + 2.4 * len(trends)), squeeze=False, layout="constrained"
    )
    for trend, panel in zip(trends, panels[:, 0], strict=True):
        points = change_points.find(trend.costs)
        bounds = [0, *(point.index for point in points), len(trend.costs)]
        panel.plot(trend.costs, ".", color="tab:blue", markersize=4)
        for start, end in itertools.pairwise(bounds):
            level = sum(trend.costs[start:end]) / (end - start)
            panel.hlines(level, start - 0.5, end - 0.5, color="tab:orange", linewidth=2)
        for point in points:
            panel.axvline(point.index - 0.5, color="tab:red", linewidth=1)
            if len(points) <= MOST_LINES:  # more labels would cover one another
                label = f" {trend.runs[point.index].name} {percent(point.change)}"
                top = (point.index, 1)
                panel.annotate(label, top, xycoords=("data", "axes fraction"), va="top", fontsize=8)
        ticks = sorted({0, len(trend.runs) // 2, len(trend.runs) - 1})
        panel.set_xticks(ticks, [f"{trend.runs[at].name}\n{trend.runs[at].saved_at[:10]}" for at in ticks])
        panel.set_title(trend.case, loc="left", fontsize=10)
        panel.set_ylabel("× yardstick")
        panel.margins(y=0.15)
    figure.savefig(path, dpi=120)
    plt.close(figure)
