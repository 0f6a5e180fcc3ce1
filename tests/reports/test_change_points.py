"""Tests of the levels of a trend and the points between them."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem_reports.judging import change_points
from tandem_reports.render import trend
from tests.records import costs


def series(levels: list[tuple[float, int]], noise: float = 0.004) -> list[float]:
    return [cost for seed, (level, count) in enumerate(levels) for cost in costs(level, noise, count, seed)]


def test_a_step_is_found_where_it_is() -> None:
    ((point,),) = change_points.find([series([(1.0, 30), (1.02, 30)])])
    assert abs(point.index - 30) <= 1
    assert point.change == pytest.approx(0.02, abs=0.005)


def test_a_drift_below_any_gate_is_found() -> None:
    values = [cost * math.exp(0.0005 * at) for at, cost in enumerate(series([(1.0, 100)]))]
    (points,) = change_points.find([values])
    assert change_points.total_change(values, points) == pytest.approx(0.05, abs=0.015)


def test_a_flat_history_has_no_change_points() -> None:
    found = change_points.find([costs(1.0, 0.004, 60, seed) for seed in range(100)])
    assert sum(map(bool, found)) <= 3


def test_noise_does_not_fill_the_line_of_a_trend() -> None:
    assert set(trend.bars(costs(1.0, 0.004, 20))) <= {"▁", "▂"}
    assert trend.bars([1.0, 1.0, 1.5]) == "▁▁█"


def test_a_short_history_says_nothing() -> None:
    short = [1.0, 2.0, 1.0, 2.0, 3.0]
    assert change_points.find([]) == []
    long = series([(1.0, 30), (1.02, 30)])
    (whole,), (part,) = change_points.find([long]), change_points.find([long[:40]])
    assert change_points.find([short, [], long, long[:40]]) == [[], [], whole, part]


def cuts(count: int) -> Iterator[list[int]]:
    """All ways to cut so many points into levels of at least the shortest length, by the bounds."""
    yield [0, count]
    for last in range(change_points.SHORTEST, count - change_points.SHORTEST + 1):
        yield from ([*before, count] for before in cuts(last))


@given(st.lists(st.floats(-0.1, 0.1), min_size=6, max_size=14))
def test_no_other_levels_explain_a_trend_better(logs: list[float]) -> None:
    scale = change_points.noise(logs)
    penalty = change_points.PENALTY * math.log(len(logs))

    def cost(bounds: list[int]) -> float:
        levels = [logs[start:end] for start, end in itertools.pairwise(bounds)]
        squares = [statistics.pvariance(level) * len(level) for level in levels]
        return math.fsum(squares) / scale**2 + penalty * len(levels)

    (points,) = change_points.find([[math.exp(value) for value in logs]])
    found = cost([0, *(point.index for point in points), len(logs)])
    assert found == pytest.approx(min(map(cost, cuts(len(logs)))), rel=1e-6)
