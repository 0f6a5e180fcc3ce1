"""Tests of queues: closed forms against known values, and the simulation against both and against Ciw."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tandem_reports.queueing import arrivals, correlated, laws
from tandem_reports.queueing.laws import MD1, MG1, MM, Load
from tandem_reports.queueing.service import Drawn, Times, predict, varying
from tandem_reports.queueing.simulation import Policy, simulate

pytest.importorskip("simpy")
COUNT = 200_000


def exponential(mean_s: float, seed: int = 5) -> Iterator[float]:
    random = np.random.default_rng(seed)
    while True:
        yield from random.exponential(mean_s, 4096)


def test_the_99th_percentile_of_m_m_1_is_4_605_over_the_spare_rate() -> None:
    law = MM(Load(30, 0.02))
    assert law.total_s(99) == pytest.approx(4.605 / (50 - 30), rel=1e-4)
    assert law.mean_wait_s() == pytest.approx(0.6 / (50 - 30))


def test_m_d_1_waits_half_as_long_as_m_m_1() -> None:
    load = Load(30, 0.02)
    assert MD1(load).mean_wait_s() == pytest.approx(MM(load).mean_wait_s() / 2)
    assert MG1(load, 0).mean_wait_s() == pytest.approx(MD1(load).mean_wait_s())
    assert MG1(load, 1).mean_wait_s() == pytest.approx(MM(load).mean_wait_s())


@pytest.mark.parametrize("utilisation", [0.05, 0.3, 0.5, 0.7, 0.9, 0.97])
def test_the_distribution_of_m_d_1_has_the_mean_of_pollaczek_and_khinchine(utilisation: float) -> None:
    law = MD1(Load(utilisation, 1.0))
    step = 0.05
    mean = step * sum(1 - law._within(step * (number + 0.5)) for number in range(round(400 / step)))
    assert mean == pytest.approx(law.mean_wait_s(), rel=2e-3)
    assert law._within(0.0) == pytest.approx(1 - utilisation)


def test_erlang_s_c_has_its_tabled_value() -> None:
    assert MM(Load(2, 1.0, servers=3)).waits == pytest.approx(0.4444, abs=1e-4)
    assert MM(Load(30, 0.02)).waits == pytest.approx(0.6)
    assert MM(Load(2, 1.0, servers=3)).total_s(99) == pytest.approx(MM(Load(2, 1.0, 3)).total_s(99))


@pytest.mark.parametrize(("rate", "service_s"), [(0, 1), (-1, 1), (1, 0), (math.inf, 1), (math.nan, 1)])
def test_a_load_that_is_none_is_refused(rate: float, service_s: float) -> None:
    with pytest.raises(ValueError, match="no load"):
        Load(rate, service_s)


def test_more_work_than_the_server_can_do_is_refused_with_the_reason() -> None:
    with pytest.raises(laws.Unstable, match="120% of the time: waiting grows without end"):
        Load(60, 0.02)


@pytest.mark.parametrize("servers", [1, 3])
def test_the_simulation_agrees_with_m_m_c(servers: int) -> None:
    law, times = MM(Load(30.0 * servers, 0.02, servers)), exponential(0.02)
    due = arrivals.Arrivals().times(law.load.rate, COUNT, seed=1)
    found = simulate(due, lambda _batch, idle: next(times), Policy(servers))
    assert found.waits_s.mean() == pytest.approx(law.mean_wait_s(), rel=0.03)
    assert found.percentile_s(50) == pytest.approx(law.total_s(50), rel=0.02)
    assert found.percentile_s(99) == pytest.approx(law.total_s(99), rel=0.03)
    assert found.utilisation == pytest.approx(0.6, rel=0.01)


def test_the_simulation_agrees_with_m_d_1() -> None:
    law = MD1(Load(30, 0.02))
    due = arrivals.Arrivals().times(30, COUNT, seed=1)
    found = simulate(due, lambda _batch, idle: 0.02, Policy())
    assert found.percentile_s(50) == pytest.approx(law.total_s(50), rel=0.02)
    assert found.percentile_s(99) == pytest.approx(law.total_s(99), rel=0.03)


def test_the_simulation_agrees_with_ciw() -> None:
    ciw = pytest.importorskip("ciw")
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(90)],
        service_distributions=[ciw.dists.Exponential(50)],
        number_of_servers=[3],
    )
    ciw.seed(1)
    theirs = ciw.Simulation(network)
    theirs.simulate_until_max_customers(20_000)
    waits = [record.waiting_time for record in theirs.get_all_records()]
    times = exponential(0.02)
    due = arrivals.Arrivals().times(90, COUNT, seed=1)
    ours = simulate(due, lambda _batch, idle: next(times), Policy(3))
    assert ours.waits_s.mean() == pytest.approx(np.mean(waits), rel=0.1)


def test_a_batch_is_begun_when_it_is_full_or_its_oldest_query_has_waited() -> None:
    policy = Policy(most=3, wait_s=0.5)
    found = simulate([0.0, 0.1, 0.2, 5.0, 5.1], lambda _batch, idle: 1.0, policy)
    assert found.waits_s == pytest.approx([0.2, 0.1, 0.0, 0.5, 0.4])
    assert found.batches == {2: 1, 3: 1}


def test_queries_that_waited_long_enough_leave_at_once_when_the_server_is_free() -> None:
    found = simulate([0.0, 1.0, 1.1], lambda _batch, idle: 3.0, Policy(most=2, wait_s=0.5))
    assert found.waits_s == pytest.approx([0.5, 2.5, 2.4])


def test_a_query_that_finds_the_line_full_is_lost() -> None:
    found = simulate([0.0, 0.1, 0.2, 0.3], lambda _batch, idle: 1.0, Policy(room=1))
    assert found.lost == 2
    assert len(found.totals_s) == 2


def test_the_first_service_after_a_pause_is_drawn_from_its_own_times() -> None:
    times = Times({1: [1.0]}, [2.0])
    assert predict(times, [0.0, 0.5, 10.0], Policy()).totals_s == pytest.approx([2.0, 2.5, 2.0])


def test_rows_of_times_follow_each_other_as_they_were_measured() -> None:
    drawn = Drawn(Times({1: [float(each) for each in range(50)]}), seed=1, row=10)
    found = [drawn(1, idle=False) for _ in range(2000)]
    steps = [(later - sooner) % 50 for sooner, later in pairwise(found)]
    assert 0.88 < np.mean([step == 1 for step in steps]) < 0.95


def test_times_vary_as_all_do_around_a_level_of_their_own() -> None:
    slow = varying(Times({1: [2.0, 2.0, 2.0]}, [4.0]), [Times({1: [1.0, 1.0, 5.0]}, [1.0, 1.0, 3.0])])
    assert slow.busy_s[1] == [2.0, 2.0, 10.0]
    assert slow.idle_s == [4.0, 4.0, 12.0]


def test_times_between_two_measured_batches_are_interpolated() -> None:
    times = Times({1: [1.0], 4: [2.5], 8: [4.5]})
    assert [times.mean_s(size) for size in (2, 6, 8)] == pytest.approx([1.5, 3.5, 4.5])
    assert times.capacity(8) == pytest.approx(8 / 4.5)


@pytest.mark.parametrize("words", ["poisson", "constant", "bursty:4"])
def test_arrivals_have_their_rate_and_their_burstiness(words: str) -> None:
    process = arrivals.read(words)
    times = process.times(30, COUNT)
    assert process.words() == words
    assert len(times) == COUNT
    assert (np.diff(times) >= 0).all()
    assert COUNT / times[-1] == pytest.approx(30, rel=0.03)
    counts = np.histogram(times, bins=np.arange(0, times[-1], 20))[0]
    expected = {"poisson": 1.0, "constant": 0.0}.get(words, 4.0)
    assert counts.var() / counts.mean() == pytest.approx(expected, rel=0.25, abs=0.02)


def test_a_trace_keeps_its_gaps_at_another_rate(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    path.write_text("time\n" + "\n".join(str(number**2) for number in range(20)))
    times = arrivals.read(str(path)).times(100, 19)
    assert times[-1] == pytest.approx(19 / 100)
    assert np.diff(times).max() / np.diff(times).min() > 10


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1\n2\nx\n4", "'x' is not a time"),
        ("1\n2", "at least 10 are needed"),
        ("", "at least 10"),
        ("5\n" * 20, "not all the same"),
    ],
)
def test_a_trace_that_is_none_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "trace.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=words):
        arrivals.read(str(path))


@pytest.mark.parametrize("words", ["bursty", "bursty:1", "bursty:x", "bursty:1e9", "fast", "poisson:2"])
def test_arrivals_that_do_not_exist_are_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"bursty:4|CSV"):
        arrivals.read(words)


def in_line(random: np.random.Generator, count: int, utilisation: float) -> list[float]:
    """Latencies of M/D/1 with a service of 1 s."""
    now = free = 0.0
    found = []
    for gap in random.exponential(1 / utilisation, count + 300):
        now += gap
        free = max(now, free) + 1
        found.append(free - now)
    return found[300:]


def test_an_interval_under_load_covers_the_truth_where_a_plain_one_does_not() -> None:
    truth, trials = MD1(Load(0.7, 1.0)).total_s(99), 40
    covered = plain = 0
    for seed in range(trials):
        random = np.random.default_rng(seed)
        processes = [in_line(random, 700, 0.7) for _ in range(3)]
        found = correlated.percentile(processes, 99)
        covered += found.low <= truth <= found.high
        drawn = np.percentile(random.choice(np.concatenate(processes), (200, 2100)), 99, axis=1)
        plain += np.percentile(drawn, 2.5) <= truth <= np.percentile(drawn, 97.5)
    assert covered >= 0.85 * trials
    assert plain <= 0.6 * trials


def test_independent_latencies_count_in_full() -> None:
    random = np.random.default_rng(0)
    independent = [list(random.exponential(1, 2000))]
    assert correlated.effective(independent) == pytest.approx(2000, rel=0.15)
    assert correlated.effective([in_line(random, 2000, 0.8)]) < 400
    assert correlated.correlation_time([1.0] * 50) == 1.0
