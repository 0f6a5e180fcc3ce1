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


def find(costs: Sequence[float]) -> list[ChangePoint]:
    """The change points of a trend; none if it has too few points.

    The method is kernel change-point detection with a linear kernel, which detects a change in mean
    (Arlot, Celisse, Harchaoui, JMLR 2019), as ``ruptures`` implements it. It receives logarithms in units
    of their noise.
    """
    if len(costs) < 2 * SHORTEST:
        return []
    import numpy as np
    import ruptures

    logs = np.log(np.asarray(costs, dtype=float))
    scale = noise(logs.tolist())
    search = ruptures.KernelCPD(kernel="linear", min_size=SHORTEST).fit((logs / scale).reshape(-1, 1))
    bounds = [0, *map(int, search.predict(pen=PENALTY * math.log(len(costs))))]
    levels = [float(logs[start:end].mean()) for start, end in itertools.pairwise(bounds)]
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
