"""Synthetic machines, on which the truth is known: the gate's arithmetic on thousands of suites in seconds.

A machine gives logarithms of the time of a process, in units of the yardstick. Whole suites are judged as
real ones are: look by look, each case as one of all, with the variances of earlier runs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tandem_reports.judging.comparability import FEWEST_INVOCATIONS
from tandem_reports.judging.gate import Policy, compared, decided, looks, weigh
from tandem_reports.judging.moderation import WORTH
from tandem_reports.judging.outlook import futile
from tandem_reports.statistics import Centre, spread, trimmed
from tandem_reports.variances import Variance, foretold, of_earlier, of_neighbours

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STORED, TANDEM = "stored", "in tandem"
#: Most invocations of a case before its budget is spent.
MOST = 12
#: Cases of a suite, and runs that were saved before it.
CASES, SAVED = 40, 6


@dataclass(frozen=True, slots=True)
class Machine:
    """How the times of processes vary on it; standard deviations are of logarithms."""

    name: str
    #: Standard deviation between processes of a typical case, and how much cases differ in it.
    processes: float = 0.005
    unequal: float = 0.5
    #: Share of the processes that get the slow speed, and how much slower that is.
    slow: float = 0.0
    slower: float = 0.0
    #: Standard deviation between runs, each of them for hours.
    moods: float = 0.0
    #: Standard deviation of a drift within a run, and its correlation from one invocation to the next.
    drift: float = 0.0
    memory: float = 0.9
    #: Share of the invocations with a neighbour, and by how much that slows them at most.
    neighbours: float = 0.0
    slowed: float = 0.1
    #: Share of the cases whose speed steps within a run, and by how much.
    steps: float = 0.0
    step: float = 0.02


MACHINES = (
    Machine("steady"),
    Machine("moods", moods=0.01),
    Machine("drift", drift=0.02, moods=0.01),
    Machine("correlated", drift=0.02, memory=0.5),
    Machine("steps", steps=0.3),
    Machine("two speeds", slow=0.5, slower=0.35, processes=0.02),
    Machine("rarely slow", slow=0.125, slower=0.35, processes=0.02),
    Machine("neighbours", neighbours=0.1),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A case of a suite: its verdict, the invocations until then, and its first interval."""

    kind: str
    invocations: int
    #: True if the interval after the fewest invocations holds the true change.
    covered: bool
    #: Half of that interval, as a share.
    half: float


class Suite:
    """Cases on a machine, with the runs that were saved before."""

    def __init__(self, machine: Machine, cases: int, saved: int, generator: np.random.Generator) -> None:
        self._machine, self._generator = machine, generator
        self._cases = cases
        self._deviations = machine.processes * self._exp(machine.unequal)
        runs = [self._run(FEWEST_INVOCATIONS) for _ in range(saved)]
        self._saved = [[run[case].tolist() for run in runs] for case in range(cases)]

    def _exp(self, deviation: float) -> NDArray[np.float64]:
        found: NDArray[np.float64] = self._generator.lognormal(0.0, deviation, self._cases)
        return found

    def _run(self, count: int = MOST) -> NDArray[np.float64]:
        """Times of ``count`` processes of each case in one run."""
        return self._processes(count) + self._hour(count)

    def _processes(self, count: int) -> NDArray[np.float64]:
        """What differs from process to process."""
        draw, machine, shape = self._generator, self._machine, (self._cases, count)
        own = draw.normal(0.0, 1.0, shape) * self._deviations[:, None]
        slow = machine.slower * (draw.random(shape) < machine.slow)
        disturbed = (draw.random(shape) < machine.neighbours) * draw.random(shape) * machine.slowed
        found: NDArray[np.float64] = own + slow + disturbed
        return found

    def _hour(self, count: int) -> NDArray[np.float64]:
        """What the machine does meanwhile: both sides of a comparison in tandem share it."""
        import numpy as np

        draw, machine = self._generator, self._machine
        times = np.zeros((self._cases, count))
        level = draw.normal(0.0, machine.drift, self._cases)
        for number in range(count):
            times[:, number] = level
            fresh = draw.normal(0.0, machine.drift, self._cases)
            level = machine.memory * level + math.sqrt(1 - machine.memory**2) * fresh
        when, stepped = draw.integers(1, count + 1, self._cases), draw.random(self._cases) < machine.steps
        steps = machine.step * (np.arange(count)[None, :] >= when[:, None]) * stepped[:, None]
        found: NDArray[np.float64] = times + steps + draw.normal(0.0, machine.moods, (self._cases, 1))
        return found

    def judge(self, mode: str, planted: float, gate: float) -> list[Judged]:
        """Judge every case with a slowdown ``planted``, a share; 0 for none."""
        policy, truth = Policy(gate, self._cases), math.log1p(planted)
        known = self._known(2 if mode == TANDEM else 1)
        if mode == TANDEM:
            change = (self._processes(MOST) - self._processes(MOST) + truth).tolist()
            sides = zip(change, known, strict=True)
            return [self._in_tandem(each, variance, policy, truth) for each, variance in sides]
        base, now, between = self._run().tolist(), (self._run() + truth).tolist(), self._between()
        return [
            self._against_stored(base[case], now[case], known[case], between[case], policy, truth)
            for case in range(self._cases)
        ]

    def _known(self, scale: int) -> list[Variance]:
        """What the saved runs tell of each case; a value has ``scale`` independent processes."""
        own = {str(case): of_earlier([*map(spread, runs)]) for case, runs in enumerate(self._saved)}
        return [each.times(scale).at_most(WORTH) for each in foretold(own).values()]

    def _between(self) -> list[Variance]:
        """Variance between the saved runs of each case."""
        centres = [[trimmed(run).mean for run in runs] for runs in self._saved]
        own = {str(case): of_neighbours(each) for case, each in enumerate(centres)}
        return list(foretold(own).values())

    def _in_tandem(self, change: Sequence[float], known: Variance, policy: Policy, truth: float) -> Judged:
        changes = (trimmed(change[:n], known) for n in counts())
        return self._until_decided(changes, policy, truth, known.degrees)

    def _against_stored(
        self,
        base: Sequence[float],
        now: Sequence[float],
        known: Variance,
        between: Variance,
        policy: Policy,
        truth: float,
    ) -> Judged:
        then = next(
            centre
            for n in counts()
            if (centre := trimmed(base[:n], known)).half_width() <= math.log1p(policy.gate) / 4 or n == MOST
        )
        changes = (compared(trimmed(now[:n], known), then, between)[0] for n in counts())
        return self._until_decided(changes, policy, truth, known.degrees)

    def _until_decided(self, changes: Iterator[Centre], policy: Policy, truth: float, known: float) -> Judged:
        """Look after each invocation, as ``Judging.enough`` does, with ``known`` degrees of freedom."""
        first = verdict = None
        for count, change in zip(counts(), changes, strict=True):
            first = first or change
            verdict = weigh("", change, looks(count), policy, {"gate": policy.gate})
            if decided(verdict, count) or futile(verdict, count, MOST, known):
                break
        assert first
        assert verdict
        half = first.half_width()
        return Judged(verdict.kind, count, abs(first.mean - truth) <= half, math.expm1(half))


def counts() -> range:
    """Numbers of invocations at which the gate looks."""
    return range(FEWEST_INVOCATIONS, MOST + 1)
