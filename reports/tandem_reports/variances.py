"""Variances with their degrees of freedom, and the variance that others foretell. Quick to import."""

from __future__ import annotations

import functools
import itertools
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: From this probability on, a variance that is larger or smaller than the known one is of another kind.
ANOTHER = 0.002
#: Degrees of freedom that show a small variance. Three processes may all have the same of two speeds.
ENOUGH = 5
#: Fewest other cases that show how much the variances of cases differ.
FEWEST_OTHERS = 3
#: Median of the absolute difference of two normal values, in their standard deviations, and its efficiency.
MEDIAN_OF_DIFFERENCES, EFFICIENCY = 0.6745 * math.sqrt(2), 0.37
#: From this number of cases on, they are not foretold one by one.
MANY = 100


@dataclass(frozen=True, slots=True)
class Variance:
    """A variance, with its degrees of freedom; without any it is unknown."""

    value: float = 0.0
    degrees: float = 0.0

    def __add__(self, other: Variance) -> Variance:
        """Both as estimates of one variance, each as certain as its degrees of freedom."""
        degrees = self.degrees + other.degrees
        squares = self.value * self.degrees + other.value * other.degrees
        return Variance(squares / degrees, degrees) if degrees else self

    def times(self, factor: float) -> Variance:
        """The variance of a sum of so many independent values."""
        return Variance(self.value * factor, self.degrees)

    def moderated(self, known: Variance) -> Variance:
        """The variance with what is ``known`` from elsewhere, unless it certainly differs from that.

        A smaller one needs ``ENOUGH`` degrees of freedom for that.
        """
        larger = self.value > known.value
        if known.degrees and self.degrees and (larger or self.degrees >= ENOUGH):
            from scipy.special import fdtr, fdtrc

            ratio = self.value / known.value if known.value else math.inf
            if (fdtrc if larger else fdtr)(self.degrees, known.degrees, ratio) < ANOTHER:
                return self
        return self + known

    def at_most(self, degrees: float) -> Variance:
        """The same variance, known no better than by so many degrees of freedom."""
        return Variance(self.value, min(self.degrees, degrees))


UNKNOWN = Variance()


def typical(variances: Sequence[Variance]) -> Variance:
    """The variance of a further case, as the variances of at least three others foretell it.

    Its degrees of freedom state how much alike they are. They are no more than those of the others together.
    Source: Smyth, "Linear models and empirical Bayes methods for assessing differential expression in
    microarray experiments", Statistical Applications in Genetics and Molecular Biology 3 (2004), section 6.2.
    """
    certain = [each for each in variances if each.degrees]
    if len(certain) < FEWEST_OTHERS:
        return UNKNOWN
    least = 1e-5 * statistics.median(each.value for each in certain) or 1e-12
    expected = [_of_chi_squared(each.degrees) for each in certain]
    logs = [
        math.log(max(each.value, least)) - mean for each, (mean, _) in zip(certain, expected, strict=True)
    ]
    centre = math.fsum(logs) / len(logs)
    between = math.fsum((each - centre) ** 2 for each in logs) / (len(logs) - 1)
    between -= math.fsum(variance for _, variance in expected) / len(expected)
    if between <= 0:
        return sum(certain, UNKNOWN)
    degrees = 2 * _inverse_trigamma(between)
    most = math.fsum(each.degrees for each in certain)
    return Variance(math.exp(centre + _of_chi_squared(degrees)[0]), min(degrees, most))


def of_earlier(runs: Sequence[Variance]) -> Variance:
    """The variance of a case in a further run, as its earlier runs foretell it.

    One of them that a busy machine strongly disturbed makes what is known less certain, and not much larger.
    Of two nobody can say which one it was: they count alike.
    """
    return typical(runs) if len(runs) >= FEWEST_OTHERS else sum(runs, UNKNOWN)


def foretold(own: Mapping[str, Variance]) -> dict[str, Variance]:
    """Each of the variances with what the others foretell of it."""
    if len(own) > MANY:  # one more or less is nothing
        others = typical(list(own.values()))
        return {name: each + others for name, each in own.items()}
    return {
        name: each + typical([other for another, other in own.items() if another != name])
        for name, each in own.items()
    }


def of_neighbours(values: Sequence[float]) -> Variance:
    """The variance from the differences of successive values: neither a step nor a drift widens it.

    It is that of the median of their absolute values, scaled for normal values. The median is 37 % as
    efficient as the squares are, so each difference counts for so much of a degree of freedom.
    """
    if len(values) == 1:
        return UNKNOWN
    middle = statistics.median(abs(after - before) for before, after in itertools.pairwise(values))
    return Variance((middle / MEDIAN_OF_DIFFERENCES) ** 2, EFFICIENCY * (len(values) - 1))


@functools.lru_cache(maxsize=4096)
def _of_chi_squared(degrees: float) -> tuple[float, float]:
    """Mean and variance of the logarithm of a chi-squared variable over its degrees of freedom."""
    from scipy.special import digamma, polygamma

    half = degrees / 2
    return float(digamma(half)) - math.log(half), float(polygamma(1, half))


def _inverse_trigamma(value: float) -> float:
    """Newton's method on 1 / trigamma, which is convex: Smyth (2004), appendix."""
    from scipy.special import polygamma

    found = 0.5 + 1 / value
    for _ in range(50):
        trigamma = float(polygamma(1, found))
        step = trigamma * (1 - trigamma / value) / float(polygamma(2, found))
        found += step
        if abs(step) < 1e-8 * found:
            break
    return found
