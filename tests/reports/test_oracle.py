"""Tests of the oracle: no choice of queries is better."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem_reports.queueing.oracle import most_in_time

TIMES = st.integers(0, 12)


@given(st.lists(st.tuples(TIMES, st.integers(1, 6)), min_size=1, max_size=7), st.integers(1, 10))
def test_no_choice_of_queries_is_better(queries: list[tuple[int, int]], limit: int) -> None:
    queries = sorted(queries, key=lambda each: each[0])
    sizes = (
        size
        for size in range(len(queries), 0, -1)
        if any(in_time(some, limit) for some in combinations(queries, size))
    )
    found = most_in_time([due for due, _ in queries], [service for _, service in queries], limit)
    assert found == next(sizes, 0)


def in_time(some: tuple[tuple[int, int], ...], limit: int) -> bool:
    """True if all of them end within the limit, in the order of their arrival."""
    free = 0
    for due, service in some:
        free = max(free, due) + service
        if free > due + limit:
            return False
    return True


def test_a_server_that_is_asked_three_times_as_much_as_it_serves_answers_a_third() -> None:
    assert most_in_time([0.01 * each for each in range(300)], [0.03] * 300, 0.09) == pytest.approx(100, abs=3)
