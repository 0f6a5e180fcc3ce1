"""A discrete-event simulation of a queue, G/G/c, with dynamic batching and a bounded line, by SimPy.

A server takes the queries that wait, up to the largest batch. If there are fewer, it waits for more until the
oldest has waited as long as the policy allows. So does ``tandem/servers/running.py``, which serves real
ones; others count the wait from another moment.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    import simpy
    from numpy.typing import NDArray


#: The wait for a fuller batch counts from the arrival of its first query, or from the moment at which a free
#: server takes that; or it ends with a window, and one follows the other while the server has nothing to do.
ARRIVAL, TAKEN, WINDOW = "arrival", "taken", "window"


@dataclass(frozen=True, slots=True)
class Policy:
    """Servers of one line, the largest batch, and the longest time in seconds that it waits for more queries.

    ``room`` is the most queries that may wait; one that finds it full is lost. None if there is no limit.
    """

    servers: int = 1
    most: int = 1
    wait_s: float = 0.0
    room: int | None = None
    counts_from: str = ARRIVAL

    @property
    def alone_s(self) -> float:
        """Mean seconds for which a query waits that finds a free server and is joined by no other."""
        if self.most == 1:
            return 0.0
        return self.wait_s / 2 if self.counts_from == WINDOW else self.wait_s

    def leaves_s(self, arrived_s: float, free_s: float) -> float:
        """When a batch leaves at last whose first query came, and whose server was free, at these times."""
        if self.counts_from == ARRIVAL:
            return arrived_s + self.wait_s
        if self.counts_from == TAKEN or arrived_s <= free_s or not self.wait_s:
            return max(arrived_s, free_s) + self.wait_s
        return free_s + self.wait_s * math.ceil((arrived_s - free_s) / self.wait_s)


class Service(Protocol):
    """Seconds of serving a batch; ``idle`` is true if the server had nothing to do before."""

    def __call__(self, batch: int, idle: bool) -> float: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the queries: seconds of each from its arrival to its service, and to its answer."""

    waits_s: NDArray[np.float64]
    totals_s: NDArray[np.float64]
    lost: int
    #: Number of batches, by their size.
    batches: dict[int, int]
    #: Share of the time in which a server was busy.
    utilisation: float

    def percentile_s(self, percent: float) -> float:
        import numpy as np

        return float(np.percentile(self.totals_s, percent)) if len(self.totals_s) else float("nan")

    def after(self, count: int) -> Outcome:
        """Without the first queries, which found an emptier line than later ones."""
        return Outcome(self.waits_s[count:], self.totals_s[count:], self.lost, self.batches, self.utilisation)


def simulate(times_s: Sequence[float] | NDArray[np.float64], service: Service, policy: Policy) -> Outcome:
    """Serve queries that arrive at these times, in order of arrival. Needs SimPy."""
    import simpy

    line = _Line(simpy.Environment(), service, policy)
    line.environment.process(line.arrive(times_s))
    for _ in range(policy.servers):
        line.environment.process(line.serve())
    line.environment.run()
    return line.outcome()


class _Line:
    def __init__(self, environment: simpy.Environment, service: Service, policy: Policy) -> None:
        self.environment, self._service, self._policy = environment, service, policy
        self._waiting: deque[float] = deque()
        self._news = environment.event()
        self._idle = 0
        self._waits, self._totals = list[float](), list[float]()
        self._batches: Counter[int] = Counter()
        self._lost, self._busy_s = 0, 0.0

    def arrive(self, times_s: Sequence[float] | NDArray[np.float64]) -> Generator[Any, Any, None]:
        environment, policy = self.environment, self._policy
        for time_s in times_s:
            yield environment.timeout(max(0.0, float(time_s) - environment.now))
            if policy.room is not None and len(self._waiting) >= policy.room:
                self._lost += 1
                continue
            self._waiting.append(environment.now)
            if self._idle:
                self._tell()

    def _tell(self) -> None:
        """Wake the servers that wait for queries."""
        news, self._news, self._idle = self._news, self.environment.event(), 0
        news.succeed()

    def serve(self) -> Generator[Any, Any, None]:
        environment, policy = self.environment, self._policy
        while True:
            idle, free = not self._waiting, environment.now
            while not self._waiting:
                self._idle += 1
                yield self._news
            while self._waiting and len(self._waiting) < policy.most:
                left = policy.leaves_s(self._waiting[0], free) - environment.now
                if left <= 1e-9:  # noqa: PLR2004  # less than a clock tells
                    break
                self._idle += 1
                yield environment.any_of([self._news, environment.timeout(left)])
            if not self._waiting:  # another server took them
                continue
            taken = [self._waiting.popleft() for _ in range(min(policy.most, len(self._waiting)))]
            began = environment.now
            yield environment.timeout(self._service(len(taken), idle))
            self._busy_s += environment.now - began
            self._batches[len(taken)] += 1
            self._waits += [began - each for each in taken]
            self._totals += [environment.now - each for each in taken]

    def outcome(self) -> Outcome:
        import numpy as np

        elapsed_s = self.environment.now * self._policy.servers
        return Outcome(
            np.array(self._waits),
            np.array(self._totals),
            self._lost,
            dict(sorted(self._batches.items())),
            self._busy_s / elapsed_s if elapsed_s else 0.0,
        )
