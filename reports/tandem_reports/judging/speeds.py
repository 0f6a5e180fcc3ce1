"""Two speeds of a runtime: some of its processes, or some calls of a process, are slower than all others."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

#: Fewest values that show two speeds, and the least share of them, and number, at each.
FEWEST, LEAST_SHARE, LEAST = 9, 8, 2
#: Least distance of the two means in standard deviations within. The best split of 9 normal values reaches
#: it in less than 1 % of cases, of more values more rarely still.
APART = 7.0
#: Least distance that is worth a word, as a share.
WORTH = 0.05


@dataclass(frozen=True, slots=True)
class Speeds:
    """The typical value at either speed, and the share of the values at the slow one."""

    fast: float
    slow: float
    share: float
    count: int


def of_runs(runs: Sequence[Sequence[float]]) -> Speeds | None:
    """The two speeds of processes that at least one of the runs had both of.

    Otherwise the runs differ, not their processes: a version changed between them, or the machine did.
    """
    found = two_speeds([value for values in runs for value in values])
    if found is None:
        return None
    between = math.sqrt(found.fast * found.slow)
    return found if any(min(values) < between < max(values) for values in runs if values) else None


def two_speeds(values: Sequence[float]) -> Speeds | None:
    """The two speeds of positive values; None if one is enough to explain them.

    The split is the one that leaves the smallest squares within (two means in one dimension). Its distance
    is measured as in Ashman, Bird and Zepf, "Detecting bimodality in astronomical datasets", Astronomical
    Journal 108 (1994).
    """
    if len(values) < FEWEST:
        return None
    centre = math.fsum(map(math.log, values)) / len(values)
    logs = sorted(math.log(value) - centre for value in values)
    whole, sums = math.fsum(value * value for value in logs), list(itertools.accumulate(logs))
    least, count = max(LEAST, len(logs) // LEAST_SHARE), len(logs)

    def explained(at: int) -> float:
        """Squares that the means of the first ``at`` values and of the others leave no more."""
        return sums[at - 1] ** 2 / at + (sums[-1] - sums[at - 1]) ** 2 / (count - at)

    split = max(range(least, count - least + 1), key=explained)
    fast, slow = sums[split - 1] / split, (sums[-1] - sums[split - 1]) / (count - split)
    within = math.sqrt(max(0.0, whole - explained(split)) / (count - 2))
    if slow - fast < max(math.log1p(WORTH), APART * within):
        return None
    return Speeds(math.exp(centre + fast), math.exp(centre + slow), 1 - split / count, count)
