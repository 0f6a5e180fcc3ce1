"""Tests of curves: their points, their knees, and the tables of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tandem.vocabulary.case import AXES as OF_CASES
from tandem_reports.judging.curves import AXES, Curve, curves
from tandem_reports.records.record import Figure, Record
from tandem_reports.render import curves as tables
from tests.records import timed


def point(ms: float, batch: int = 1, width: float = 0.01, **own: int) -> Record:
    """A case that takes ``ms`` for a call, within a relative ``width``, on axes of its own."""
    tags = "".join(f"-{AXES[name].tag}{value}" for name, value in own.items())
    record = timed(f"m-ort-fp32-b{batch}-cpu", ms, id=f"m-ort-fp32-b{batch}{tags}-cpu@sweep")
    record.case.update(own)
    record.sections["latency"].figures["cost"] = Figure(ms, "", "lower", ms * (1 - width), ms * (1 + width))
    return record


def only(records: list[Record], name: str) -> Curve:
    (found,) = curves(records, name)
    return found


def test_the_tags_are_those_of_the_ids_of_cases() -> None:
    assert {name: axis.tag for name, axis in AXES.items() if name in OF_CASES} == {
        name: axis.tag for name, axis in OF_CASES.items()
    }


def test_a_curve_joins_cases_that_differ_in_one_axis_alone() -> None:
    records = [
        point(ms, batch, threads=threads) for threads in (1, 2) for batch, ms in ((4, 4), (1, 1), (2, 2))
    ]
    found = list(curves(records, "batch"))
    assert [curve.name for curve in found] == ["m-ort-fp32-t1-cpu", "m-ort-fp32-t2-cpu"]
    assert [each.batch for each in found[0].points] == [1, 2, 4]
    assert [curve.name for curve in curves(records, "threads")] == [
        "m-ort-fp32-b4-cpu", "m-ort-fp32-b1-cpu", "m-ort-fp32-b2-cpu",
    ]  # fmt: skip


def test_the_usual_two_batch_sizes_are_no_curve() -> None:
    assert not list(curves([point(1, 1), point(4, 8)], "batch"))


def test_the_knee_is_where_a_doubling_brings_little_also_between_values_that_are_no_doublings() -> None:
    curve = only([point(1, 1), point(1.5, 2), point(2.95, 4), point(5.8, 8)], "batch")
    knee = curve.knee()
    assert knee
    assert knee.batch == 2
    assert curve.decided(knee)
    assert not only([point(1, 1), point(1.5, 2), point(2.2, 4)], "batch").knee()
    # A step of a small part of a doubling that brings nothing is no knee if later steps bring much.
    rough = only([point(1, side=32), point(1.4, side=33), point(1.6, side=64)], "side")
    assert rough.knee() is None
    assert only([point(1, side=32), point(1.4, side=33)], "side").longer() is None
    # From 1 to 8 in three doublings: 30 % more in all is 9 % for each.
    wide = only([point(1, 1), point(8 / 1.3, 8), point(16, 16)], "batch")
    assert wide.knee() is wide.points[0]


def test_a_knee_that_the_intervals_do_not_decide_is_marked() -> None:
    curve = only([point(1, 1, 0.05), point(1.9, 2, 0.05), point(3.7, 4, 0.05)], "batch")
    knee = curve.knee()
    assert knee
    assert not curve.decided(knee)
    assert tables.knee(curve) == "1?"


def test_along_the_size_of_a_sample_the_work_is_in_pixels() -> None:
    curve = only([point(1, side=160), point(4, side=320), point(17, side=640)], "side")
    assert curve.longer() == pytest.approx(17**0.5)
    knee = curve.knee()
    assert knee is curve.points[0], "four times the pixels in four times the time"
    assert only([point(1, side=160), point(2, side=320)], "side").knee() is None


def test_from_contended_cases_nothing_is_told_of_a_doubling() -> None:
    small, large = point(1, side=160), replace(point(4, side=320), contended=True)
    curve = only([small, large], "side")
    assert curve.longer() is None
    assert (tables.longer(curve), tables.knee(curve)) == ("", "contended")


def test_a_table_has_a_cell_for_each_value_that_any_curve_has() -> None:
    records = [point(1, threads=1), point(0.5, threads=2), point(3, 2, threads=1), point(2, 2, threads=4)]
    ((title, table),) = tables.tables(records)
    assert title == "samples a second over threads"
    head, _, first, second = table.splitlines()
    assert head.split()[:4] == ["case", "t1", "t2", "t4"]
    assert first.split()[:3] == ["m-ort-fp32-b1-cpu", "1000", "2000"]
    assert second.split()[:3] == ["m-ort-fp32-b2-cpu", "667", "1000"]
    assert "100 MB to 100 MB" in first
