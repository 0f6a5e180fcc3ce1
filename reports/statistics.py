"""Percentiles that mean something, and ratios with an interval. Pure Python, quick to import."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

#: Smallest samples for which a percentile says anything, by MLPerf's early-stopping rule
#: (MLPerf inference policies, "early stopping": 99 % confidence, tolerance 0).
SMALLEST_SAMPLE = {50: 11, 90: 64, 95: 130, 99: 662}

#: 97.5 % quantiles of Student's t for 1, 2, … degrees of freedom.
T_975 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
         2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060)  # fmt: skip
Z_975 = 1.960

#: Standard error of a median over that of a mean, for normal values: sqrt(pi / 2).
MEDIAN_PENALTY = math.sqrt(math.pi / 2)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A ratio with its 95 % interval.

    ``over`` tells what the interval covers: ``invocations``, fresh processes each, or only the
    ``rounds`` within one process, which says nothing of how the next process will do.
    ``values`` are the estimates of the invocations.
    """

    estimate: float
    low: float
    high: float
    over: str
    values: tuple[float, ...]

    @property
    def invocations(self) -> int:
        return len(self.values)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"values": list(self.values), "invocations": self.invocations}


def percentile(samples: Sequence[float], percent: int) -> float | None:
    """The percentile by linear interpolation, or None where the sample is too small for it."""
    if len(samples) < SMALLEST_SAMPLE[percent]:
        return None
    ordered = sorted(samples)
    position = (len(ordered) - 1) * percent / 100
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def estimate_ratio(invocations: Sequence[Sequence[float]]) -> Estimate:
    """The ratio and its interval from its values in every round of every invocation.

    An invocation counts as the median of its rounds, which a disturbed round does not move. The
    result is the geometric mean over invocations. Its interval is Student's t over invocations,
    and never narrower than the noise within them implies: three invocations can lie close together
    by chance.
    """
    logs = [[math.log(ratio) for ratio in rounds] for rounds in invocations]
    centres = [statistics.median(rounds) for rounds in logs]
    count = len(centres)
    within = math.sqrt(sum(_median_error(rounds) ** 2 for rounds in logs)) / count
    if count == 1:
        over, half = "rounds", t_975(len(logs[0]) - 1) * within
    else:
        between = statistics.stdev(centres) / math.sqrt(count)
        over, half = "invocations", max(t_975(count - 1) * between, Z_975 * within)
    centre = statistics.fmean(centres)
    return Estimate(
        math.exp(centre),
        math.exp(centre - half),
        math.exp(centre + half),
        over,
        tuple(math.exp(value) for value in centres),
    )


def half_width(rounds: Sequence[float]) -> float:
    """Relative half-width of the interval of one invocation so far; infinite below two rounds."""
    logs = [math.log(ratio) for ratio in rounds]
    return t_975(len(logs) - 1) * _median_error(logs) if len(logs) > 1 else math.inf


def t_975(degrees: int) -> float:
    if degrees < 1:
        return math.inf
    return T_975[degrees - 1] if degrees <= len(T_975) else Z_975


def _median_error(values: Sequence[float]) -> float:
    """Standard error of the median of values; of one alone it is unknown, and taken as none."""
    if len(values) == 1:
        return 0.0
    return MEDIAN_PENALTY * statistics.stdev(values) / math.sqrt(len(values))
