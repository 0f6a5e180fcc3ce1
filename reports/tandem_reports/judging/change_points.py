"""Permanent changes of a trend's level: steps, and slow drifts that no single comparison shows."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from tandem_reports.variances import of_neighbours

#: Fewest points of a level: fewer may be outliers.
SHORTEST = 3
#: Least gain of a further level, in variances, divided by the logarithm of the number of points. The
#: Bayesian information criterion of a change in mean is 2. Runs of a shared machine are not quite
#: independent, so the limit here is higher.
PENALTY = 5.0


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """A change of level: from point ``index`` on, it is ``change`` (a share) above the level before."""

    index: int
    change: float


def find(trends: Sequence[Sequence[float]]) -> list[list[ChangePoint]]:
    """The change points of each trend; none of one that has too few points.

    The levels are those whose logarithms have the least squares around their means, in variances of the
    noise, plus a penalty for each level. The method is that of Jackson et al., "An algorithm for optimal
    partitioning of data on an interval", IEEE Signal Processing Letters 12 (2005), on all trends at once.
    """
    import numpy as np

    logs = [[math.log(cost) for cost in costs] if len(costs) >= 2 * SHORTEST else [] for costs in trends]
    longest = max(map(len, logs), default=0)
    sums = np.zeros((len(logs), longest + 1))
    for row, values in zip(sums, logs, strict=True):
        if values:
            row[1 : len(values) + 1] = np.cumsum((np.array(values) - values[0]) / noise(values))
    penalties = [PENALTY * math.log(max(1, len(values))) for values in logs]
    # By the end of a level: the most that levels up to it explain, and where the last of them starts.
    explained, starts = np.full(sums.shape, -np.inf), np.zeros(sums.shape, dtype=int)
    explained[:, 0] = 0.0
    reciprocals = 1 / np.arange(longest, 0, -1)
    for end in range(SHORTEST, longest + 1):
        count = end - SHORTEST + 1
        # In place: with many trends, making new arrays in each step would take a third of the time.
        found = sums[:, :count] - sums[:, end : end + 1]
        np.square(found, out=found)
        found *= reciprocals[longest - end :][:count]
        found += explained[:, :count]
        starts[:, end] = found.argmax(axis=1)
        explained[:, end] = found.max(axis=1) - penalties
    return [_changes(values, row) for values, row in zip(logs, starts.tolist(), strict=True)]


def _changes(logs: Sequence[float], starts: Sequence[int]) -> list[ChangePoint]:
    """The changes between levels, by the start of the level that ends at each point."""
    bounds = [len(logs)]
    while bounds[0]:
        bounds.insert(0, starts[bounds[0]])
    levels = [statistics.fmean(logs[start:end]) for start, end in itertools.pairwise(bounds)]
    return [
        ChangePoint(start, math.expm1(after - before))
        for start, before, after in zip(bounds[1:], levels, levels[1:], strict=False)
    ]


def noise(logs: Sequence[float]) -> float:
    """Standard deviation between neighbouring points: a step or a drift does not widen it.

    At least a ten-thousandth: see ``variances.of_neighbours``.
    """
    return max(1e-4, math.sqrt(of_neighbours(logs).value))


def total_change(costs: Sequence[float], points: Sequence[ChangePoint]) -> float:
    """Change from the first level to the last, as a share: the sum of a drift in small steps."""
    if not points:
        return 0.0
    first, last = costs[: points[0].index], costs[points[-1].index :]
    return math.expm1(statistics.fmean(map(math.log, last)) - statistics.fmean(map(math.log, first)))
