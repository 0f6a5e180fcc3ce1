"""Tests of percentiles and ratios: their values, and the cases without a value."""

from __future__ import annotations

import math
import random
import statistics

import pytest

from tandem_reports.statistics import estimate_ratio, half_width, paired_change, percentile


@pytest.mark.parametrize(("percent", "smallest"), [(50, 11), (90, 64), (95, 130), (99, 662)])
def test_a_percentile_needs_its_sample(percent: int, smallest: int) -> None:
    assert percentile([1.0] * (smallest - 1), percent) is None
    assert percentile([1.0] * smallest, percent) == 1.0


def test_percentiles_interpolate() -> None:
    samples = [float(value) for value in range(1, 102)]
    random.Random(0).shuffle(samples)
    assert percentile(samples, 50) == statistics.median(samples) == 51
    assert percentile(samples, 90) == 91


def test_one_invocation_is_labelled_as_such() -> None:
    estimate = estimate_ratio([[2.0, 2.1, 1.9, 2.0]])
    assert (estimate.over, estimate.invocations) == ("rounds", 1)
    assert estimate.low < 2.0 < estimate.high


def test_a_disturbed_round_does_not_move_the_estimate() -> None:
    quiet = estimate_ratio([[2.0] * 9, [2.0] * 9, [2.0] * 9])
    disturbed = estimate_ratio([[2.0] * 8 + [9.0], [2.0] * 9, [2.0] * 9])
    assert disturbed.estimate == quiet.estimate == pytest.approx(2.0)


def test_one_noisy_process_of_many_does_not_widen_the_interval() -> None:
    quiet, noisy = [0.99, 1.0, 1.0, 1.0, 1.01], [0.5, 0.7, 1.0, 1.4, 2.0]
    assert estimate_ratio([quiet] * 7 + [noisy]).within == estimate_ratio([quiet] * 8).within
    assert estimate_ratio([quiet] * 2 + [noisy]).within > 10 * estimate_ratio([quiet] * 3).within


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Processes differ by 1 %, rounds by 2 %: 95 % of intervals hold the truth."""
    generator = random.Random(1)
    covered = 0
    for _ in range(600):
        invocations = []
        for _ in range(3):
            process = generator.gauss(0, 0.01)
            invocations.append([math.exp(process + generator.gauss(0, 0.02)) for _ in range(8)])
        estimate = estimate_ratio(invocations)
        covered += estimate.low <= 1.0 <= estimate.high
    assert covered / 600 >= 0.94


def test_invocations_that_agree_by_chance_do_not_make_it_precise() -> None:
    rounds = [0.9, 1.0, 1.1]
    estimate = estimate_ratio([rounds, rounds, rounds])
    assert estimate.high - estimate.low > 0.05


def test_the_half_width_of_too_few_rounds_is_unknown() -> None:
    assert half_width([1.0]) == math.inf
    assert half_width([1.0, 1.0, 1.0]) == 0.0


def test_a_paired_change_is_certain_only_with_enough_that_changed() -> None:
    even = paired_change(lost=10, gained=10, count=2000)
    assert (even["change"], even["p"]) == (0.0, 1.0)
    assert even["low"] < 0 < even["high"]
    worse = paired_change(lost=40, gained=10, count=2000)
    assert worse["change"] == pytest.approx(-0.015)
    assert worse["high"] < 0
    # Twice the lower tail of Binomial(50, 1/2) at 10.
    assert worse["p"] == pytest.approx(2.386e-5, rel=1e-3)
