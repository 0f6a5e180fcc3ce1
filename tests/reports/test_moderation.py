"""Tests of intervals that borrow strength from other runs and other cases."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tandem_reports.judging.moderation import DETAIL, GUESSED, WORTH, Known, centre, variances
from tandem_reports.records.record import Record
from tandem_reports.statistics import estimate_ratio, trimmed
from tandem_reports.variances import UNKNOWN, Variance, of_neighbours, typical
from tests.loads import loaded
from tests.records import costs, make_record

CASE = "m-b-fp32-b1-cpu"
FAMILY = "latency cost b cpu"
CLOSE, APART = [1.0, 1.001, 1.0], [1.0, 1.05, 0.9]


def width(record: Record) -> float:
    figure = record.judged
    assert figure
    assert figure.low
    assert figure.high
    return math.log(figure.high / figure.low) / 2


def others(noise: float) -> list[Record]:
    return [
        make_record(f"m-b-fp32-b{number}-cpu", costs(1.0, noise, 3, seed=number)) for number in range(2, 20)
    ]


def knowing(*records: Record) -> Known:
    known = Known()
    for record in records:
        known.learn(record)
    return known


def test_processes_that_lie_close_together_by_chance_are_not_believed() -> None:
    record = knowing(*others(0.02)).moderate(make_record(CASE, CLOSE))
    assert 0.01 < width(record) < 0.03
    told = record.detail(DETAIL)["cost"]
    assert (told["own"], told["case"]) == (2, 0)
    assert told["runtime"] > 5
    assert width(record) == pytest.approx(centre(record, "cost").half_width())


def test_a_case_that_certainly_differs_keeps_its_own_variance() -> None:
    record = knowing(*others(0.002)).moderate(make_record(CASE, APART))
    assert record.detail(DETAIL)["cost"] == {"own": 2, "case": 0, "runtime": 0, "variance": 0}
    own = trimmed([math.log(value) for value in APART])
    assert width(record) == pytest.approx(own.half_width())


def test_from_six_processes_on_a_case_may_vary_less_than_is_known() -> None:
    known = knowing(*others(0.2))
    few, many = (known.moderate(make_record(CASE, costs(1.0, 0.001, count))) for count in (5, 6))
    assert few.detail(DETAIL)["cost"]["runtime"] > 5
    assert many.detail(DETAIL)["cost"] == {"own": 5, "case": 0, "runtime": 0, "variance": 0}
    assert width(many) < width(few) / 10


def test_one_disturbed_run_makes_what_is_known_less_certain_and_hardly_larger() -> None:
    def earlier(*noises: float) -> Known:
        runs = (make_record(CASE, costs(1.0, noise, 3, seed)) for seed, noise in enumerate(noises))
        return Known(row for run in runs for row in variances(run))

    record = make_record(CASE, costs(1.0, 0.01, 4, seed=9))
    calm, disturbed = (earlier(*[0.01] * 6, last).moderate(record) for last in (0.01, 0.5))
    assert width(disturbed) < 2 * width(calm)
    told, usual = (each.detail(DETAIL)["cost"]["case"] for each in (disturbed, calm))
    assert told < usual / 2


def test_what_nothing_is_known_of_stays_as_it_is() -> None:
    record = make_record(CASE, CLOSE)
    assert Known().moderate(record) == record
    two = others(0.02)[:2]
    assert knowing(*two).moderate(record) == record, "two cases do not show how cases differ"
    elsewhere = replace(record, case=record.case | {"device": "cuda"})
    assert knowing(*others(0.02)).moderate(elsewhere) == elsewhere


def test_earlier_runs_of_the_case_count_and_the_case_itself_does_not() -> None:
    known = Known([(FAMILY, CASE, Variance(4e-4, 8))])
    record = make_record(CASE, [1.0, 1.02, 1.01])
    first = known.moderate(record)
    assert first.detail(DETAIL)["cost"] == pytest.approx(
        {"own": 2, "case": 8, "runtime": 0, "variance": 4e-4}
    )
    known.learn(first)
    assert known.moderate(first) == first


def test_however_much_is_known_of_other_hours_this_one_counts() -> None:
    rows = [(FAMILY, CASE, Variance(4e-4, 300)), *((FAMILY, name, Variance(4e-4, 50)) for name in "abcd")]
    known = Known(rows)
    told = known.moderate(make_record(CASE, CLOSE)).detail(DETAIL)["cost"]
    assert told["case"] + told["runtime"] == pytest.approx(WORTH)
    assert told["case"] / told["runtime"] == pytest.approx(300 / 200)


def test_an_hour_that_is_noisier_than_others_is_seen_in_the_rounds() -> None:
    """Processes differed by 0.5 % until now, and now by 3 %, by the noise of their rounds alone."""
    known, generator = Variance(0.005**2, WORTH), random.Random(1)
    count, believed, held = 400, 0, 0
    for _ in range(count):
        found = estimate_ratio([[math.exp(generator.gauss(0, 0.1)) for _ in range(16)] for _ in range(3)])
        logs = [math.log(value) for value in found.values]
        quiet, noisy = trimmed(logs, known), trimmed(logs, known, found.within)
        believed += abs(quiet.mean) <= quiet.half_width()
        held += abs(noisy.mean) <= noisy.half_width()
        assert noisy.p_value() >= quiet.p_value() or noisy.mean < 0, "no alarm is easier for it"
    assert believed < 0.8 * count
    assert held >= 0.94 * count


def test_a_record_keeps_the_noise_within_its_processes() -> None:
    record = make_record(CASE, CLOSE)
    section = record.sections["latency"]
    figure = replace(section.figures["cost"], within=0.02)
    record = replace(
        record, sections={"latency": replace(section, figures=section.figures | {"cost": figure})}
    )
    assert Record.from_dict(record.to_dict()) == record
    record = knowing(*others(0.002)).moderate(record)
    assert width(record) == pytest.approx(1.96 * 0.02 / math.sqrt(3), rel=0.001)
    assert width(record) == pytest.approx(centre(record, "cost").half_width())


def in_tandem(case: str = CASE, values: Sequence[float] = CLOSE) -> Record:
    speedup = {"estimate": 1.0, "low": 0.99, "high": 1.01, "over": "invocations", "values": [*values]}
    record = make_record(case, speedup=speedup | {"reference": "there"})
    details = {"other": {"missing": None, "versions": {}}, "reference": "there"}
    section = replace(record.sections["latency"], details=record.sections["latency"].details | details)
    return replace(record, sections={"latency": section})


def test_in_tandem_a_case_varies_on_both_sides() -> None:
    known = Known([(FAMILY, CASE, Variance(4e-4, 8))])
    told = {"own": 2, "case": GUESSED, "runtime": 0, "variance": 8e-4}
    assert known.moderate(in_tandem()).detail(DETAIL)["speedup"] == pytest.approx(told)


@pytest.mark.parametrize(("noises", "guessed"), [((0.01, 0.02, 0.015), False), ((1e-5, 0.3, 0.005), True)])
def test_in_tandem_other_cases_count_where_they_tell_more_than_a_guess(
    noises: tuple[float, ...], guessed: bool
) -> None:
    known = Known([(FAMILY, CASE, Variance(4e-4, 8))])
    for number, noise in enumerate(noises, 2):
        known.learn(in_tandem(f"m-b-fp32-b{number}-cpu", costs(1.0, noise, 3, seed=number)))
    told = known.moderate(in_tandem()).detail(DETAIL)["speedup"]
    assert (told["case"] > 0, told["runtime"] == 0) == (guessed, guessed)


def test_a_record_tells_the_variance_of_each_figure() -> None:
    ((family, case, found),) = variances(make_record(CASE, [1.0, 1.02, 1.01]))
    assert (family, case, found.degrees) == (FAMILY, CASE, 2)
    assert not list(variances(make_record(CASE, [1.0])))


def test_alike_variances_foretell_more_than_unlike_ones() -> None:
    alike = typical([Variance(1e-4, 10)] * 5)
    assert alike.value == pytest.approx(1e-4)
    assert alike.degrees == 50
    unlike = typical([Variance(10.0**-power, 10) for power in range(2, 8)])
    assert unlike.degrees < 2
    assert typical([Variance(1e-4, 10)] * 2) == UNKNOWN


def test_successive_values_show_noise_and_neither_a_drift_nor_a_step() -> None:
    moving = [0.01 * number + (number > 10) for number in range(20)]
    assert math.sqrt(of_neighbours(moving).value) < 0.011
    assert of_neighbours([1.0]) == UNKNOWN


def test_a_rate_of_0_has_no_spread() -> None:
    record = loaded(rates=[0.0, 80.0, 80.0])
    assert Known().moderate(record) == record
    assert not list(variances(record))
