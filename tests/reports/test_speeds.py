"""Tests of two speeds: among processes, and among the calls of one."""

from __future__ import annotations

import random

import pytest

from tandem_reports.judging.moderation import Known
from tandem_reports.judging.speeds import of_runs, two_speeds
from tests.records import YARDSTICK_S, make_record

CASE = "m-b-fp32-b1-cpu"


def mixed(slow: int, count: int, noise: float = 0.01) -> list[float]:
    """Values of which ``slow`` are 1.45 times the others."""
    draw = random.Random(0)
    return [draw.lognormvariate(0, noise) * (1.45 if number < slow else 1.0) for number in range(count)]


def test_both_speeds_and_the_share_of_the_slow_one_are_told() -> None:
    found = two_speeds(mixed(6, 12))
    assert found
    assert found.fast == pytest.approx(1.0, rel=0.02)
    assert found.slow == pytest.approx(1.45, rel=0.02)
    assert (found.share, found.count) == (0.5, 12)


@pytest.mark.parametrize(
    "values", [mixed(3, 6), mixed(0, 30), mixed(1, 12), mixed(6, 12, noise=0.2), [1.0] * 12]
)
def test_one_speed_and_too_few_values_are_no_news(values: list[float]) -> None:
    assert two_speeds(values) is None


def test_one_speed_is_hardly_ever_taken_for_two() -> None:
    draw = random.Random(1)
    found = [two_speeds([draw.lognormvariate(0, 0.1) for _ in range(9)]) for _ in range(1000)]
    # At 1 %, more than 20 of 1,000 have a probability of 0.1 %.
    assert sum(each is not None for each in found) <= 20


def test_processes_of_earlier_runs_count() -> None:
    values = mixed(6, 12)
    record = make_record(CASE, values[5:8])
    assert Known().moderate(record).detail("speeds") is None
    told = Known(costs={CASE: [values[:5], values[8:]]}).moderate(record).detail("speeds")
    assert told["processes"] == 12
    assert told["slow_s"] == pytest.approx(1.45 * YARDSTICK_S, rel=0.02)


def test_runs_that_differ_are_not_two_speeds_of_processes() -> None:
    values = sorted(mixed(6, 12))
    assert two_speeds(values)
    assert of_runs([values[:3], values[3:6], values[6:9], values[9:]]) is None
    assert of_runs([values[:3], values[3:7], values[7:9], values[9:], []])
