"""Tests of the gate's arithmetic on synthetic machines, on which the truth is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tandem_reports import drawing
from tandem_reports.judging import suites
from tandem_reports.judging.suites import simulate
from tandem_reports.judging.synthetic import MACHINES, STORED, TANDEM, Machine

BY_NAME = {machine.name: machine for machine in MACHINES}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_intervals_of_three_processes_hold_the_truth(machine: Machine) -> None:
    point = simulate(machine, TANDEM, 0.0, 0.01, suites=10)
    # Of 400 intervals at 95 %, fewer than 92 % hold it with a probability of 0.5 %.
    assert point.coverage >= 0.92


@pytest.mark.parametrize("mode", [STORED, TANDEM])
def test_suites_in_which_nothing_changed_hardly_ever_alarm(mode: str) -> None:
    alarming = [simulate(machine, mode, 0.0, 0.01, suites=10).alarming for machine in MACHINES]
    # At 5 %, more than 10 of 80 have a probability of 0.3 %.
    assert sum(alarming) * 10 <= 10


def test_a_slowdown_of_a_steady_machine_is_found() -> None:
    assert simulate(BY_NAME["steady"], TANDEM, 0.02, 0.01, suites=5).alarms > 0.8
    assert simulate(BY_NAME["steady"], TANDEM, 0.02, 0.01, suites=5).passed < 0.05


def test_the_same_arguments_give_the_same_result() -> None:
    one, other = (simulate(BY_NAME["drift"], STORED, 0.0, 0.03, suites=2) for _ in range(2))
    assert one == other


def test_curves_go_from_no_slowdown_to_several_times_the_gate(tmp_path: Path) -> None:
    pytest.importorskip("altair")
    points = suites.curves(1, 2)
    assert {round(point.planted / point.gate, 9) for point in points} == set(suites.MULTIPLES)
    assert {(point.machine, point.mode) for point in points} == {
        (machine.name, mode) for machine in MACHINES for mode in (STORED, TANDEM)
    }
    drawing.gates(points, tmp_path / "gate.svg")
    assert "rarely slow" in (tmp_path / "gate.svg").read_text()
