"""Percentiles of large enough samples, and ratios with an interval. Quick to import."""

from __future__ import annotations

import functools
import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tandem_reports.variances import UNKNOWN, Variance

#: Smallest sample size of each percentile, by MLPerf's early-stopping rule
#: (MLPerf inference policies, "early stopping": 99 % confidence, tolerance 0).
SMALLEST_SAMPLE = {50: 11, 90: 64, 95: 130, 99: 662}

#: Percentiles above the median.
TAILS = tuple(percent for percent in SMALLEST_SAMPLE if percent > 50)  # noqa: PLR2004

Z_975 = 1.960
#: Of so many values one is cut off at either end.
TRIMMED = 8


@dataclass(frozen=True, slots=True)
class Estimate:
    """A ratio with its 95 % interval.

    ``over`` names the scope of the interval: ``invocations``, each a fresh process, or only the ``rounds``
    within one process. An interval over rounds does not predict the next process. ``values`` are the
    estimates of the invocations, and ``within`` is the standard error of one of them by the noise within its
    process, as a share; of many the noisiest do not count.
    """

    estimate: float
    low: float
    high: float
    over: str
    values: tuple[float, ...]
    within: float = 0.0

    @property
    def invocations(self) -> int:
        return len(self.values)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"values": list(self.values), "invocations": self.invocations}


def percentile(samples: Sequence[float], percent: int) -> float | None:
    """The percentile by linear interpolation; None if the sample is too small for it."""
    if len(samples) < SMALLEST_SAMPLE[percent]:
        return None
    ordered = sorted(samples)
    position = (len(ordered) - 1) * percent / 100
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def estimate_ratio(invocations: Sequence[Sequence[float]]) -> Estimate:
    """The ratio and its interval from its values in every round of every invocation.

    The value of an invocation is the median of its rounds, which a disturbed round does not move. The
    result is the geometric mean over invocations, without the extremes of many, and its interval is Student's
    t over invocations: see ``trimmed``.
    """
    logs = [[math.log(ratio) for ratio in rounds] for rounds in invocations]
    centres = [statistics.median(rounds) for rounds in logs]
    squares = sorted(_median_error(rounds) ** 2 for rounds in logs)
    # The noisiest are those that are trimmed.
    within = math.sqrt(statistics.fmean(squares[: len(squares) - 2 * (len(squares) // TRIMMED)]))
    centre = trimmed(centres, within=within)
    if len(centres) == 1:
        over, half = "rounds", t_quantile(0.975, len(logs[0]) - 1) * within
    else:
        over, half = "invocations", centre.half_width()
    return Estimate(
        math.exp(centre.mean),
        math.exp(centre.mean - half),
        math.exp(centre.mean + half),
        over,
        tuple(math.exp(value) for value in centres),
        within,
    )


def half_width(rounds: Sequence[float]) -> float:
    """Relative half-width of the interval of one invocation so far; infinite below two rounds."""
    logs = [math.log(ratio) for ratio in rounds]
    return t_quantile(0.975, len(logs) - 1) * _median_error(logs) if len(logs) > 1 else math.inf


@dataclass(frozen=True, slots=True)
class Centre:
    """A trimmed mean of logarithms, with its standard error and the degrees of freedom of the error."""

    mean: float
    error: float
    degrees: float
    #: Standard deviation of one value.
    spread: float = 0.0

    def __sub__(self, other: Centre) -> Centre:
        """The difference of independent centres; degrees of freedom after Welch and Satterthwaite."""
        error = math.hypot(self.error, other.error)
        shares = self.error**4 / self.degrees + other.error**4 / other.degrees
        return Centre(self.mean - other.mean, error, error**4 / shares if shares else math.inf)

    def half_width(self) -> float:
        """Half-width of the 95 % interval."""
        return t_quantile(0.975, self.degrees) * self.error if self.error else 0.0

    def p_value(self) -> float:
        """Probability of a mean this far above 0, or farther, if the true mean is 0."""
        if not self.error:
            return float(self.mean <= 0)
        from scipy.special import stdtr

        return float(stdtr(self.degrees, -self.mean / self.error))


def trimmed(values: Sequence[float], known: Variance = UNKNOWN, within: float = 0.0) -> Centre:
    """The centre of values, without the extreme eighth at either end.

    One invocation that a neighbour on the machine disturbed must not decide. The standard error comes
    from the winsorised variance: Yuen, "The two-sample trimmed t for unequal population variances",
    Biometrika 61 (1974). It is moderated by what is ``known`` of the variance.

    The interval is never narrower than the noise ``within`` invocations implies, the standard error of one of
    them. Three can lie close together by chance, and a machine may be noisier now than it is known to be.
    """
    cut = len(values) // TRIMMED
    kept = sorted(values)[cut : len(values) - cut]
    variance = spread(values).moderated(known)
    deviation = math.sqrt(variance.value)
    # With the same degrees of freedom: their tails are heavier than those of the normal distribution.
    least = within * Z_975 / t_quantile(0.975, variance.degrees) / math.sqrt(len(values))
    error = max(deviation / math.sqrt(len(kept)), least)
    return Centre(statistics.fmean(kept), error, variance.degrees, deviation)


def spread(values: Sequence[float]) -> Variance:
    """The winsorised variance of values that are trimmed; unknown for a single one."""
    if len(values) == 1:
        return UNKNOWN
    ordered, cut = sorted(values), len(values) // TRIMMED
    kept = ordered[cut : len(ordered) - cut]
    winsorised = [*[kept[0]] * cut, *kept, *[kept[-1]] * cut]
    mean = math.fsum(winsorised) / len(winsorised)
    degrees = len(kept) - 1
    return Variance(math.fsum((value - mean) ** 2 for value in winsorised) / degrees, degrees)


@functools.lru_cache(maxsize=4096)
def t_quantile(probability: float, degrees: float) -> float:
    """Quantile of Student's t; infinite without a degree of freedom."""
    if degrees < 1:
        return math.inf
    from scipy.special import stdtrit  # imported only for judging: that takes 0.3 s

    return float(stdtrit(degrees, probability))


def paired_change(lost: int, gained: int, count: int) -> dict[str, float]:
    """The change of a share when the same ``count`` samples are answered twice, with its 95 % interval.

    ``lost`` samples were right only the first time, ``gained`` samples only the second time. ``p`` is the
    probability of a split at least this uneven by chance. Sources: Agresti and Min, "Simple improved
    confidence intervals for comparing matched proportions", Statistics in Medicine 24 (2005); McNemar's
    test in its exact, binomial form.
    """
    from scipy.special import bdtr

    more, less, total = gained + 0.5, lost + 0.5, count + 2
    centre = (more - less) / total
    width = Z_975 * math.sqrt(more + less - (more - less) ** 2 / total) / total
    p = min(1.0, 2 * float(bdtr(min(lost, gained), lost + gained, 0.5)))
    return {"change": (gained - lost) / count, "low": centre - width, "high": centre + width, "p": p}


def _median_error(values: Sequence[float]) -> float:
    """Standard error of the median of values; for a single value it is unknown, and taken as 0.

    It comes from the distance of two order statistics, which disturbed rounds do not widen: Price and Bonett,
    "Estimating the variance of the sample median", Journal of Statistical Computation and Simulation 68
    (2001).
    """
    count = len(values)
    if count == 1:
        return 0.0
    from scipy.special import bdtr, ndtri

    ordered, place = sorted(values), max(1, round((count + 1) / 2 - math.sqrt(count)))
    z = -float(ndtri(bdtr(place - 1, count, 0.5)))
    return (ordered[count - place] - ordered[place - 1]) / (2 * z)


def binomial_interval(hits: int, trials: int) -> tuple[float, float]:
    """95 % interval of a probability: Clopper and Pearson, "The use of confidence limits", 1934."""
    from scipy.special import betaincinv

    low = betaincinv(hits, trials - hits + 1, 0.025) if hits else 0.0
    high = betaincinv(hits + 1, trials - hits, 0.975) if hits < trials else 1.0
    return float(low), float(high)
