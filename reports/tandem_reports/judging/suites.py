"""Many suites of one kind on a synthetic machine: false alarms, found slowdowns and coverage, as shares."""

from __future__ import annotations

from dataclasses import dataclass

from tandem_reports.judging.gate import ALARM
from tandem_reports.judging.synthetic import CASES, MACHINES, SAVED, STORED, TANDEM, Machine, Suite
from tandem_reports.records.verdict import OK, REGRESSED
from tandem_reports.statistics import binomial_interval


@dataclass(frozen=True, slots=True)
class Point:
    """Many suites of one kind on one machine, as shares."""

    machine: str
    mode: str
    planted: float
    gate: float
    suites: int
    #: Share of the suites with an alarm, of the cases with one, and of those that passed.
    alarming: float
    alarms: float
    passed: float
    #: Share of the first intervals that hold the truth, and the middle one of their halves.
    coverage: float
    half: float
    #: Mean number of invocations of a case.
    invocations: float

    @property
    def certainly_alarming(self) -> bool:
        """True if more suites alarm than ``ALARM`` explains, by the lower end of the 95 % interval."""
        return binomial_interval(round(self.alarming * self.suites), self.suites)[0] > ALARM


#: Slowdowns and gates of the simulated suites, by mode.
CHECKS = {
    TANDEM: ((0.0, 0.01), (0.02, 0.01)),
    STORED: ((0.0, 0.03), (0.05, 0.03)),
}


def all_points(suites: int, saved: int) -> list[Point]:
    """Every kind of suite on every machine."""
    return [
        simulate(machine, mode, planted, gate, suites, saved)
        for mode, checks in CHECKS.items()
        for machine in MACHINES
        for planted, gate in checks
    ]


#: Slowdowns of the curves, in units of the gate.
MULTIPLES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)


def curves(suites: int, saved: int) -> list[Point]:
    """A small and a large slowdown, and those between, on every machine."""
    gates = {mode: gate for mode, checks in CHECKS.items() for _, gate in checks}
    return [
        simulate(machine, mode, multiple * gate, gate, suites, saved)
        for mode, gate in gates.items()
        for machine in MACHINES
        for multiple in MULTIPLES
    ]


def simulate(
    machine: Machine, mode: str, planted: float, gate: float, suites: int = 200, saved: int = SAVED
) -> Point:
    """Judge suites, each after ``saved`` runs of its own. The same arguments give the same result."""
    import numpy as np

    generator = np.random.default_rng(0)
    found = [Suite(machine, CASES, saved, generator).judge(mode, planted, gate) for _ in range(suites)]
    every = [case for suite in found for case in suite]
    kinds = [case.kind for case in every]
    return Point(
        machine.name,
        mode,
        planted,
        gate,
        suites,
        alarming=sum(any(case.kind == REGRESSED for case in suite) for suite in found) / suites,
        alarms=kinds.count(REGRESSED) / len(every),
        passed=kinds.count(OK) / len(every),
        coverage=sum(case.covered for case in every) / len(every),
        half=float(np.median([case.half for case in every])),
        invocations=sum(case.invocations for case in every) / len(every),
    )
