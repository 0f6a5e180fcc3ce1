"""Arrivals of queries: their times in seconds, from 0 on."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POISSON, CONSTANT, BURSTY = "poisson", "constant", "bursty"
#: Rate in the busy half of bursty arrivals, over the mean rate. The quiet half has what is left.
PEAK = 1.8
FEWEST = 10
#: Largest burstiness: with a larger one a simulation has few bursts.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Arrivals:
    """A process of arrivals: ``poisson``, ``constant``, ``bursty``, or the times of a file.

    ``burstiness`` is the index of dispersion of the number of arrivals over a long time: 1 for Poisson.
    """

    kind: str = POISSON
    burstiness: float = 1.0
    trace: tuple[float, ...] = ()

    def times(self, rate: float, count: int, seed: int = 0) -> NDArray[np.float64]:
        """So many times of arrival, at that mean rate."""
        import numpy as np

        random = np.random.default_rng(seed)
        if self.kind == CONSTANT:
            gaps = np.full(count, 1 / rate)
        elif self.kind == BURSTY:
            return _bursty(random, rate, count, self.burstiness)
        elif self.trace:
            own = np.diff(self.trace)
            gaps = np.resize(np.roll(own, -int(random.integers(len(own)))), count) / own.mean() / rate
        else:
            gaps = random.exponential(1 / rate, count)
        times: NDArray[np.float64] = np.cumsum(gaps)
        return times

    def words(self) -> str:
        return f"bursty:{self.burstiness:g}" if self.kind == BURSTY else self.kind


def read(words: str) -> Arrivals:
    """The arrivals in words: ``poisson``, ``constant``, ``bursty:4`` or the path of a CSV of times.

    Raises ``ValueError`` with what is wrong.
    """
    kind, _, number = words.partition(":")
    if kind in (POISSON, CONSTANT) and not number:
        return Arrivals(kind)
    if kind == BURSTY:
        burstiness = _number(number)
        if not 1 < burstiness <= MOST:
            raise ValueError(f"{words!r}: burstiness is a number from 1 to {MOST}, such as bursty:4")
        return Arrivals(kind, burstiness)
    return Arrivals(Path(words).name, trace=tuple(_trace(Path(words))))


def _bursty(random: np.random.Generator, rate: float, count: int, burstiness: float) -> NDArray[np.float64]:
    """A Markov-modulated Poisson process of two halves.

    Fischer and Meier-Hellstern, "The Markov-modulated Poisson process (MMPP) cookbook", Performance
    Evaluation 18 (1993): with halves that are equally long, the index of dispersion is
    ``1 + (high - low)² / (2 · change · (high + low))``.
    """
    import numpy as np

    rates = (PEAK * rate, (2 - PEAK) * rate)
    change = (rates[0] - rates[1]) ** 2 / (2 * (burstiness - 1) * sum(rates))
    found, known, start, half = [np.empty(0)], 0, 0.0, int(random.integers(2))
    while known < count:
        length = random.exponential(1 / change)
        inside = np.sort(random.uniform(start, start + length, random.poisson(rates[half] * length)))
        found.append(inside)
        known, start, half = known + len(inside), start + length, 1 - half
    return np.concatenate(found)[:count]


def _trace(path: Path) -> list[float]:
    """The times in the first column of a CSV, in order. Raises ``ValueError``."""
    try:
        rows = [row[0] for row in csv.reader(path.read_text(encoding="utf-8").splitlines()) if row]
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{str(path)!r} is neither poisson, constant, bursty:4 nor a CSV of times that can be read: "
            f"{error}"
        ) from error
    times = [_number(each) for each in rows]
    if times and math.isnan(times[0]):  # a header
        del times[0], rows[0]
    wrong = [row for row, time in zip(rows, times, strict=True) if not math.isfinite(time)]
    if wrong:
        raise ValueError(f"{path}: {wrong[0]!r} is not a time in seconds")
    if len(times) < FEWEST or min(times) == max(times):
        raise ValueError(f"{path} has {len(times)} times: at least {FEWEST} are needed, and not all the same")
    return sorted(times)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
