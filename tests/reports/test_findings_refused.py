"""Tests of what findings say of the machines of a fleet, and of cases whose cores others held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tandem_reports.findings import cost, scale, speed
from tandem_reports.findings.base import Found
from tandem_reports.records.placed import at
from tandem_reports.render import answer, table
from tests.reports.test_findings import DATA, EAGER, GRAPH, HERE


@pytest.mark.parametrize(
    "rule",
    [speed.without_gain, speed.graph_runtime, speed.scripting, speed.tensorrt, cost.pruned_in_vain],
    ids=lambda rule: rule.__name__,
)
def test_a_sentence_about_a_fleet_names_the_machine_of_its_cases(rule: Callable[..., Any]) -> None:
    records = [at(record, "xeon") for record in DATA[rule][0]]
    assert "m, on xeon, batch 1: " in str(next(rule(Found(records, HERE))))


@pytest.mark.parametrize(
    "rule",
    [
        speed.without_gain, speed.quantised_batches, speed.graph_runtime, speed.scripting, speed.tensorrt,
        speed.falling_throughput, scale.batching, scale.threads_in_vain, cost.pruned_in_vain,
        cost.unpaid_build,
    ],
    ids=lambda rule: rule.__name__,
)  # fmt: skip
def test_no_sentence_compares_speeds_where_the_table_refuses_a_speedup(rule: Callable[..., Any]) -> None:
    records = [replace(record, contention=0.7, contended=True) for record in DATA[rule][0]]
    assert not any(table.speedup(record)[0] for record in records)
    assert list(rule(Found(records, HERE))) == []


def test_the_answer_says_that_others_held_the_cores_for_too_long_to_tell_the_faster_one() -> None:
    records = [replace(record, contention=0.7, contended=True) for record in (EAGER, GRAPH)]
    assert "may be as quick: others held the cores for too long" in answer.sentences(records)[0]
