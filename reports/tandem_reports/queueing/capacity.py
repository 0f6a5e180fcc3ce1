"""The number of services that hold a rate of queries within a bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tandem_reports.queueing.arrivals import POISSON, Arrivals
from tandem_reports.queueing.service import Times, predict
from tandem_reports.queueing.simulation import Policy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Queries of a simulation, and those that it leaves out at its begin.
SIMULATED, SETTLING = 30_000, 2_000
#: Most queries that are dealt out to services.
DEALT = 4_000_000
#: More services than this are not tried.
MOST = 100_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A rate a second, and the percentile of the latency that stays below so many seconds."""

    rate: float
    percent: int
    seconds: float
    arrivals: Arrivals = field(default=Arrivals())

    def share(self, services: int) -> NDArray[np.float64]:
        """Times of arrival at one of the services, to which queries are dealt out at random."""
        import numpy as np

        if self.arrivals.kind == POISSON:  # a share of it is Poisson too
            return self.arrivals.times(self.rate / services, SIMULATED)
        everywhere = self.arrivals.times(self.rate, min(SIMULATED * services, DEALT))
        dealt: NDArray[np.float64] = everywhere[
            np.random.default_rng(0).random(len(everywhere)) * services < 1
        ]
        return dealt


@dataclass(frozen=True, slots=True)
class Capacity:
    """Services, each with a line of its own and an equal share of the queries.

    ``fewest`` and ``most`` are those if the model of the queue is wrong by as much as it was where it was
    measured. ``shared`` are the services behind one line. None if no number of them holds the bound.
    """

    services: int | None
    fewest: int | None
    most: int | None
    shared: int | None
    #: Utilisation of each of the services, and the percentile that is foretold.
    utilisation: float = 0.0
    seconds: float = 0.0


def times_of(service: Mapping[str, Any]) -> Times:
    """The times of service in a record."""
    busy = {int(size): times for size, times in service["busy_s"].items()}
    return Times(busy, service["idle_s"])


def needed(times: Times, policy: Policy, wanted: Wanted, errors: Sequence[float]) -> Capacity:
    """The services that hold what is wanted. ``errors`` are measured over foretold percentiles, if known."""
    services = _fewest(times, policy, wanted, 1.0)
    if services is None:
        return Capacity(None, None, None, None)
    seconds = _alone(times, policy, wanted, services)
    return Capacity(
        services,
        _fewest(times, policy, wanted, min([1.0, *errors])),
        _fewest(times, policy, wanted, max([1.0, *errors])),
        _shared(times, policy, wanted, services),
        wanted.rate / services / times.capacity(policy.most),
        seconds,
    )


def _fewest(times: Times, policy: Policy, wanted: Wanted, error: float) -> int | None:
    """The fewest services that each hold their share, if the percentile is ``error`` times the foretold."""
    low = int(wanted.rate / times.capacity(policy.most))  # one that is busy all the time holds no bound
    high = max(1, low + 1)
    while not _holds(times, policy, wanted, high, error):
        low, high = high, 2 * high
        if high > MOST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _holds(times, policy, wanted, middle, error) else (middle, high)
    return high


def _holds(times: Times, policy: Policy, wanted: Wanted, services: int, error: float) -> bool:
    if wanted.rate / services >= times.capacity(policy.most):
        return False
    return error * _alone(times, policy, wanted, services) < wanted.seconds


def _alone(times: Times, policy: Policy, wanted: Wanted, services: int) -> float:
    """The percentile of one of the services."""
    found = predict(times, wanted.share(services), policy).after(SETTLING)
    return found.percentile_s(wanted.percent)


def _shared(times: Times, policy: Policy, wanted: Wanted, enough: int) -> int | None:
    """The fewest services behind one line, of at most ``enough``."""
    due = wanted.arrivals.times(wanted.rate, SIMULATED)

    def holds(servers: int) -> bool:
        found = predict(times, due, replace(policy, servers=servers)).after(SETTLING)
        return found.percentile_s(wanted.percent) < wanted.seconds

    low, high = int(wanted.rate / times.capacity(policy.most)), enough
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
