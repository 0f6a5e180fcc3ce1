"""Tests of numbers on the command line: other text is refused with its option, never read as a default."""

from __future__ import annotations

import pytest

from tandem_reports.judging.best import megabytes
from tests.conftest import Benches

#: Options by the kind of their number; the first wrong texts were once read as "not given".
WHOLE = ("--invocations", "--trials", "--suite")
POSITIVE = ("--budget", "--memory-limit", "--case-timeout", "--gate-budget")


@pytest.mark.parametrize("option", WHOLE)
@pytest.mark.parametrize("number", ["0", "-1", "1.5", "nan", "two", "٣", "9" * 5000, ""])
def test_a_count_is_a_whole_number_from_1(benches: Benches, option: str, number: str) -> None:
    run = benches.run(f"{option}={number}")
    assert run.exit_code == 4
    assert f"argument {option}: {number!r} is not a whole number from 1" in run.output


@pytest.mark.parametrize("option", POSITIVE)
@pytest.mark.parametrize("number", ["0", "-1", "nan", "inf", "1e99", "-inf", "ten", ""])
def test_a_limit_is_a_number_above_0(benches: Benches, option: str, number: str) -> None:
    run = benches.run(f"{option}={number}")
    assert run.exit_code == 4
    assert f"argument {option}: {number!r} is not a number above 0" in run.output


@pytest.mark.parametrize("number", ["-0.1", "nan", "inf"])
def test_a_planted_slowdown_is_0_or_more(benches: Benches, number: str) -> None:
    run = benches.run(f"--slowdown={number}")
    assert run.exit_code == 4
    assert f"argument --slowdown: {number!r} is not a number from 0" in run.output


def test_a_gigabyte_is_told_in_plain_digits() -> None:
    assert [megabytes(value) for value in (51.3e6, 1000.3e6, 1.03e9)] == ["51.3 MB", "1000 MB", "1030 MB"]
