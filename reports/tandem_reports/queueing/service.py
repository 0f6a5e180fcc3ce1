"""Measured times of service, as a simulation draws them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tandem_reports.queueing.simulation import Outcome, Policy, simulate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Times drawn at once: a draw of each by itself is slow.
DRAWN = 4096


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of serving a batch, by its size, one after another; and of one query after a pause.

    The first service after a pause is slower: threads sleep, and caches have cooled. A queue in which it is
    an exception is that of Welch, "On a generalized M/G/1 queuing process in which the first
    customer of each busy period receives exceptional service", Operations Research 12 (1964).
    """

    busy_s: Mapping[int, Sequence[float]]
    idle_s: Sequence[float] = field(default=())
    #: Share of the time of their measuring in which other processes held the cores.
    contention: float = 0.0

    def mean_s(self, batch: int = 1) -> float:
        """Mean seconds of a batch; between two sizes that were measured it is interpolated."""
        return statistics.fmean(self.busy_s[batch]) if batch in self.busy_s else self._between(batch)

    def capacity(self, most: int = 1) -> float:
        """Most queries a second, at the best size of a batch up to ``most``."""
        return max(size / self.mean_s(size) for size in range(1, most + 1))

    @property
    def variation(self) -> float:
        """Standard deviation of a single service over its mean."""
        times = self.busy_s[1]
        return statistics.pstdev(times) / statistics.fmean(times)

    def _between(self, batch: int) -> float:
        sizes = sorted(self.busy_s)
        upper = next((size for size in sizes if size > batch), sizes[-1])
        lower = max((size for size in sizes if size < upper), default=upper)
        if lower == upper:
            return statistics.fmean(self.busy_s[upper]) * batch / upper
        share = (batch - lower) / (upper - lower)
        ends = (statistics.fmean(self.busy_s[size]) for size in (lower, upper))
        low, high = ends
        return low + share * (high - low)


def merged(several: Sequence[Times]) -> Times:
    """The times of several calibrations as one."""
    sizes = several[0].busy_s
    return Times(
        {size: [time for each in several for time in each.busy_s[size]] for size in sizes},
        [time for each in several for time in each.idle_s],
    )


def varying(times: Times, others: Sequence[Times]) -> Times:
    """Times of service at the level of these, that vary as all others do around their own level."""
    sizes = {size: [each.busy_s[size] for each in others] for size in times.busy_s}
    busy = {size: _around(times.busy_s[size], some) for size, some in sizes.items()}
    return Times(busy, _around(times.idle_s, [each.idle_s for each in others]))


def _around(own: Sequence[float], others: Sequence[Sequence[float]]) -> list[float]:
    if not own:
        return []
    level = statistics.median(own)
    return [level * time / statistics.median(some) for some in others for time in some]


class Drawn:
    """Draws times of service, ``row`` after another as they were measured, then others.

    Services that follow each other are alike: what holds the cores holds them for a while. Rows keep that,
    see Künsch, "The jackknife and the bootstrap for general stationary observations", Annals of Statistics
    17 (1989). In a row of 1 each is independent of those before.
    """

    def __init__(self, times: Times, seed: int = 0, row: int = 1) -> None:
        import numpy as np

        self._times, self._random, self._row = times, np.random.default_rng(seed), row
        self._left: dict[tuple[int, bool], list[float]] = {}
        first = statistics.median(times.idle_s) if times.idle_s else 0.0
        #: Seconds that a batch takes longer after a pause.
        self._after_pause_s = first - statistics.median(times.busy_s[1]) if first else 0.0

    def __call__(self, batch: int, idle: bool) -> float:
        left = self._left.setdefault((batch, idle), [])
        if not left:
            left += self._draw(batch, idle)
        return left.pop()

    def _draw(self, batch: int, idle: bool) -> list[float]:
        times, more = self._times, 0.0
        if idle and batch == 1 and times.idle_s:
            return list(map(float, self._rows(times.idle_s)))
        if idle:
            more = self._after_pause_s
        known = batch if batch in times.busy_s else min(times.busy_s, key=lambda size: abs(size - batch))
        scale = times.mean_s(batch) / times.mean_s(known)
        drawn = self._rows(times.busy_s[known]) * scale + more
        return list(map(float, drawn))

    def _rows(self, measured: Sequence[float]) -> NDArray[np.float64]:
        """Times that were measured, row by row from the end; the last is followed by the first."""
        import numpy as np

        begins = self._random.integers(len(measured), size=math.ceil(DRAWN / self._row))
        places = (begins[:, None] + np.arange(self._row)) % len(measured)
        drawn: NDArray[np.float64] = np.asarray(measured)[places.ravel()[::-1]]
        return drawn


def predict(
    times: Times, due_s: Sequence[float] | NDArray[np.float64], policy: Policy, seed: int = 0, row: int = 1
) -> Outcome:
    """The queue of a service with these times, for queries that are due then. Needs SimPy."""
    return simulate(due_s, Drawn(times, seed, row), policy)
