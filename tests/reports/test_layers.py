"""Tests of two profiles side by side: what is in one module is added up, whatever a runtime fuses there."""

from __future__ import annotations

import pytest

from tandem_reports.judging.layers import compared, pairs
from tandem_reports.records.record import Record
from tandem_reports.render import layers
from tests.records import timed


def profiled(backend: str, seconds: dict[str, float], diff: str = "") -> Record:
    """A profile with the seconds by ``module kind``."""
    record = timed(f"m-{backend}-fp32-b1-cpu", 1.0)
    record.sections["latency"].details["operators"] = [
        {
            "name": f"node {number}",
            "layer": name.partition(" ")[0],
            "kind": name.partition(" ")[2],
            "seconds": each,
        }
        for number, (name, each) in enumerate(seconds.items())
    ]
    record.sections["latency"].details["diff"] = diff
    return record


EAGER = profiled("eager", {
    "conv1 convolution": 0.5, "block.0.conv convolution": 2.0, "block.0.bn normalisation": 0.5,
    "block.0 elementwise": 0.25, "block.1.conv convolution": 1.0,
})  # fmt: skip
FUSED = profiled(
    "ort",
    {"bn1 convolution": 0.4, "block.0.bn convolution": 1.5, "block.1.conv convolution": 1.5, " layout": 0.1},
    EAGER.id,
)


def test_operators_are_added_up_by_module_and_at_the_top_by_kind() -> None:
    rows = compared(FUSED, EAGER)
    assert {row.part: row.seconds for row in rows} == pytest.approx(
        {"block.0": 1.5, "block.1": 1.5, "(convolution)": 0.4, "(layout)": 0.1}
    )
    assert {row.part: row.other_s for row in rows} == pytest.approx(
        {"block.0": 2.75, "block.1": 1.0, "(convolution)": 0.5, "(layout)": 0.0}
    )


def test_if_one_of_the_two_tells_no_modules_both_are_added_up_by_kind() -> None:
    hidden = profiled("script", {" convolution": 3.0, " pooling": 0.5})
    rows = {row.part: (row.seconds, row.other_s) for row in compared(hidden, EAGER)}
    assert rows["(convolution)"] == (3.0, 3.5)
    assert set(rows) == {"(convolution)", "(pooling)", "(normalisation)", "(elementwise)"}


def test_the_largest_difference_comes_first_and_the_sum_last() -> None:
    ((case, other, table),) = layers.tables([EAGER, FUSED])
    assert (case, other) == (FUSED.id, EAGER.id)
    lines = table.splitlines()
    assert lines[2].split() == ["block.0", "1500", "2750", "-1250"]
    assert lines[-3].split() == ["all", "operators", "3500", "4250", "-750"]
    assert lines[-2].startswith("outside operators")
    assert lines[-1].startswith("a profiled call")


def test_nothing_stands_beside_itself_or_another_network() -> None:
    assert not list(pairs([profiled("ort", {}, FUSED.id), EAGER]))
    other = profiled("ort", {}, EAGER.id)
    other.case["model"] = "another"
    assert not list(pairs([other, EAGER]))
