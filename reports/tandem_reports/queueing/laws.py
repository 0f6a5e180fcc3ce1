"""Closed forms of queues with Poisson arrivals and one line. Times in seconds, rates per second.

Sources: Kleinrock, "Queueing Systems", volume 1 (1975), for M/M/1, M/M/c and M/G/1; Franx, "A simple
solution for the M/D/c waiting time distribution", Operations Research Letters 29 (2001); Ramaswami, "A stable
recursion for the steady state vector in Markov chains of M/G/1 type", Stochastic Models 4 (1988).
"""

from __future__ import annotations

import abc
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

#: Probabilities below this end a recursion.
NEGLIGIBLE = 1e-13
#: Halvings of an interval that holds a quantile: far below the resolution of any clock.
HALVINGS = 60


class Unstable(ValueError):
    """More work arrives than the servers can do: waiting grows without end."""


@dataclass(frozen=True, slots=True)
class Load:
    """Arrivals and the mean time of service, for a number of servers. Raises ``Unstable``, ``ValueError``."""

    rate: float
    service_s: float
    servers: int = 1

    def __post_init__(self) -> None:
        if not (0 < self.rate < math.inf and 0 < self.service_s < math.inf and self.servers > 0):
            raise ValueError(f"{self.rate:g}/s of {self.service_s:g} s is no load: both must be above 0")
        if self.utilisation >= 1:
            raise Unstable(
                f"{self.rate:g}/s of {self.service_s * 1e3:g} ms keep {self.servers} server(s) busy for "
                f"{self.utilisation:.0%} of the time: waiting grows without end"
            )

    @property
    def utilisation(self) -> float:
        """Share of the time in which a server is busy."""
        return self.rate * self.service_s / self.servers


class Law(abc.ABC):
    """A queue in closed form. ``assumes`` says of what times of service."""

    name: str
    assumes: str

    def __init__(self, load: Load) -> None:
        self.load = load

    @abc.abstractmethod
    def mean_wait_s(self) -> float:
        """Mean time before service starts."""

    @abc.abstractmethod
    def total_s(self, percent: float) -> float | None:
        """A percentile of the time from arrival to answer; None if it has no closed form."""


class MM(Law):
    """M/M/c: exponential times of service."""

    assumes = "the time of service has no memory: most are short, some are very long"

    @property
    def name(self) -> str:  # type: ignore[override]  # with the number of servers
        return f"M/M/{self.load.servers}"

    @cached_property
    def waits(self) -> float:
        """Probability of waiting at all: Erlang's C."""
        servers, offered = self.load.servers, self.load.rate * self.load.service_s
        blocked = 1.0  # Erlang's B, by its recursion
        for each in range(1, servers + 1):
            blocked = offered * blocked / (each + offered * blocked)
        return blocked / (1 - self.load.utilisation * (1 - blocked))

    def mean_wait_s(self) -> float:
        return self.waits / self._drain

    def total_s(self, percent: float) -> float:
        if self.load.servers == 1:  # 4.605 / (1 / service - rate) for the 99th
            return -math.log1p(-percent / 100) / self._drain
        return quantile(self._beyond, percent, self.load.service_s)

    @property
    def _drain(self) -> float:
        return self.load.servers / self.load.service_s - self.load.rate

    def _beyond(self, time_s: float) -> float:
        """Probability of a longer time: that of service, and of the wait if there is one."""
        served, drain = 1 / self.load.service_s, self._drain
        alone = math.exp(-served * time_s)
        if math.isclose(drain, served):
            return (1 - self.waits) * alone + self.waits * (1 + served * time_s) * alone
        both = (served * math.exp(-drain * time_s) - drain * alone) / (served - drain)
        return (1 - self.waits) * alone + self.waits * both


class MD1(Law):
    """M/D/1: each service takes the same time."""

    name = "M/D/1"
    assumes = "each service takes exactly as long as the others"

    def mean_wait_s(self) -> float:
        return self.load.utilisation * self.load.service_s / (2 * (1 - self.load.utilisation))

    def total_s(self, percent: float) -> float:
        service_s = self.load.service_s
        return service_s + quantile(lambda wait_s: 1 - self._within(wait_s), percent, service_s)

    @cached_property
    def _in_system(self) -> list[float]:
        """Probability of so many in the system, by Ramaswami's recursion, whose terms are all positive."""
        rho = self.load.utilisation
        arrive = [math.exp(-rho)]
        while arrive[-1] > NEGLIGIBLE or len(arrive) < rho:
            arrive.append(arrive[-1] * rho / len(arrive))
        more = [0.0] * (len(arrive) + 1)
        for number in reversed(range(len(arrive))):
            more[number] = more[number + 1] + arrive[number]
        found = [1 - rho]
        while found[-1] > NEGLIGIBLE:
            at = len(found)
            fed = found[0] * more[at] if at < len(more) else 0.0
            known = range(max(1, at + 2 - len(more)), at)
            found.append((fed + sum(found[k] * more[at + 1 - k] for k in known)) / (1 - more[1]))
        return found

    @cached_property
    def _at_most(self) -> list[float]:
        sums, total = [], 0.0
        for each in self._in_system:
            total += each
            sums.append(min(total, 1.0))
        return sums

    def _within(self, wait_s: float) -> float:
        """Probability of a wait no longer than that: Franx, equation (1), for one server."""
        whole = math.floor(wait_s / self.load.service_s) + 1
        left = self.load.rate * (whole * self.load.service_s - wait_s)
        term, total = math.exp(-left), 0.0
        for number in range(whole):
            waiting = min(whole - number, len(self._at_most) - 1)
            total += term * self._at_most[waiting]
            term *= left / (number + 1)
        return total


class MG1(Law):
    """M/G/1 by Pollaczek and Khinchine: any independent times of service. Percentiles have no closed form."""

    name = "M/G/1"
    assumes = "times of service do not depend on each other"

    def __init__(self, load: Load, variation: float) -> None:
        """``variation`` is the standard deviation of the time of service over its mean."""
        super().__init__(load)
        self.variation = variation

    def mean_wait_s(self) -> float:
        square = self.load.service_s**2 * (1 + self.variation**2)
        return self.load.rate * square / (2 * (1 - self.load.utilisation))

    def total_s(self, percent: float) -> None:
        del percent


def quantile(beyond: Callable[[float], float], percent: float, step_s: float) -> float:
    """The time that is exceeded with the rest of the probability, by halving."""
    rest, low, high = 1 - percent / 100, 0.0, step_s
    if beyond(0.0) <= rest:
        return 0.0
    while beyond(high) > rest:
        low, high = high, 2 * high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if beyond(middle) > rest else (low, middle)
    return high
