"""Percentiles of latencies that depend on each other, with intervals that know it.

A query that waits makes the next one wait: n latencies under load say as much as far fewer independent ones.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tandem_reports.statistics import Z_975, t_quantile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RESAMPLES = 300
#: The window of Sokal's estimate ends where it is so many times the correlation time.
WINDOW = 5.0
#: Blocks of a bootstrap, in correlation times, and the fewest blocks of a series.
BLOCK, FEWEST_BLOCKS = 2.0, 8
#: Fewest processes whose spread makes an interval.
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Percentile:
    """A percentile, its 95 % interval, and the value of each process."""

    value: float
    low: float
    high: float
    values: tuple[float, ...]


def percentile(processes: Sequence[Sequence[float]], percent: float, seed: int = 0) -> Percentile:
    """The percentile of all processes together.

    Its interval is that of a circular block bootstrap within the processes (Politis and Romano, "A circular
    block-resampling procedure for stationary data", 1992), and no narrower than the spread between three or
    more processes implies.
    """
    import numpy as np

    series = [np.asarray(each, dtype=float) for each in processes if len(each)]
    value = float(np.percentile(np.concatenate(series), percent))
    own = tuple(float(np.percentile(each, percent)) for each in series)
    random = np.random.default_rng(seed)
    resampled = [_resampled(each, random) for each in series]
    drawn = np.percentile(np.concatenate(resampled, axis=1), percent, axis=1)
    half = Z_975 * float(np.std(np.log(drawn)))
    if len(own) >= FEWEST:
        between = statistics.stdev(map(math.log, own)) / math.sqrt(len(own))
        half = max(half, t_quantile(0.975, len(own) - 1) * between)
    return Percentile(value, value * math.exp(-half), value * math.exp(half), own)


def effective(processes: Sequence[Sequence[float]]) -> int:
    """So many independent latencies would say as much of the mean."""
    return round(sum(len(each) / correlation_time(each) for each in processes if len(each)))


def correlation_time(series: Sequence[float] | NDArray[np.float64]) -> float:
    """The integrated time of autocorrelation, in queries; 1 for independent ones.

    Sokal, "Monte Carlo methods in statistical mechanics" (1997), with his automatic window.
    """
    import numpy as np

    values = np.asarray(series, dtype=float)
    values = values - values.mean()
    size = 2 ** math.ceil(math.log2(2 * len(values)))
    spectrum = np.abs(np.fft.rfft(values, size)) ** 2
    correlation = np.fft.irfft(spectrum)[: len(values)]
    if correlation[0] <= 0:
        return 1.0
    sums = 2 * np.cumsum(correlation / correlation[0]) - 1
    beyond = np.arange(len(sums)) >= WINDOW * sums
    end = int(np.argmax(beyond)) if beyond.any() else len(sums) - 1
    return max(1.0, float(sums[end]))


def _resampled(series: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """As many series of the same length, each of blocks that begin anywhere."""
    import numpy as np

    count = len(series)
    length = max(1, min(math.ceil(BLOCK * correlation_time(series)), count // FEWEST_BLOCKS))
    starts = random.integers(count, size=(RESAMPLES, -(-count // length)))
    places = (starts[:, :, None] + np.arange(length)).reshape(RESAMPLES, -1)[:, :count]
    found: NDArray[np.float64] = series[places % count]
    return found
