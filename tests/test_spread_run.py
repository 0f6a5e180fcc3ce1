"""Tests of invocations that are spread over the run: their order, failures, and a run that is stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tandem.scenarios.latency.kept import Kept
from tandem.scenarios.latency.measurement import Invocation
from tandem.scenarios.latency.near import Bench
from tandem.vocabulary.case import Case
from tandem_reports.records.results import Results
from tests.conftest import Benches

ONE, TWO = "fake-fake-fp32-b1-cpu", "fake-fake-fp32-b2-cpu"
TWO_CASES = ("--backends=fake", "--batch-sizes=1,2", "--invocations=3")
Played = list[tuple[str, int]]


@pytest.fixture
def results(tmp_path: Path) -> Results:
    return Results(tmp_path, {}, {})


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    """The matches in their order."""
    found = Played()
    match = Bench.match

    def counted(bench: Bench, case: Case, number: int, **after: Callable[..., None]) -> Invocation:
        found.append((case.id, number))
        return match(bench, case, number, **after)

    monkeypatch.setattr(Bench, "match", counted)
    return found


def test_the_first_invocation_of_every_case_comes_before_the_second_of_any(
    benches: Benches, played: Played
) -> None:
    run = benches.run(*TWO_CASES)
    assert run.exit_code == 0, run.output
    assert played == [(case, number) for number in range(3) for case in (ONE, TWO)]
    assert "invocation 1 of 3 --\ninvocation 2 of 3 --\n" in run.output
    assert "not used" not in run.output
    assert {len(record.stopped) for record in run.records.values()} == {3}
    assert not (run.folder / "invocations").exists()


def test_to_stop_at_the_first_failure_each_case_is_measured_as_a_whole(
    benches: Benches, played: Played
) -> None:
    assert benches.run(*TWO_CASES, "-x").exit_code == 0
    assert played == [(case, number) for case in (ONE, TWO) for number in range(3)]


def test_a_case_that_fails_early_is_played_once_and_told_in_its_turn(
    benches: Benches, played: Played
) -> None:
    run = benches.run("--backends=fake,fake-raise", "--invocations=3")
    assert run.exit_code == 1
    assert [case for case, _ in played].count("fake-fake-raise-fp32-b1-cpu") == 1
    assert "invocation 1 of 3 -x\ninvocation 2 of 3 -\n" in run.output
    assert "1 failed, 1 passed" in run.output
    assert {record.status for record in run.records.values()} == {"ok", "failed"}


def test_a_run_that_is_stopped_keeps_what_was_played(
    benches: Benches, played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Bench.match

    def interrupted(bench: Bench, case: Case, number: int, **after: Callable[..., None]) -> Invocation:
        if (case.id, number) == (TWO, 1):
            raise KeyboardInterrupt
        return counted(bench, case, number, **after)

    with monkeypatch.context() as patched:
        patched.setattr(Bench, "match", interrupted)
        stopped = benches.run(*TWO_CASES)
    assert stopped.exit_code == pytest.ExitCode.INTERRUPTED
    assert "the same command with --resume measures the rest" in stopped.output
    assert played == [(ONE, 0), (TWO, 0), (ONE, 1)]
    run = benches.run(*TWO_CASES, "--resume")
    assert run.exit_code == 0, run.output
    assert played[3:] == [(TWO, 1), (ONE, 2), (TWO, 2)]
    assert {len(record.stopped) for record in run.records.values()} == {3}


def test_what_is_kept_is_read_as_it_was_written_and_taken_once(bench: Bench, results: Results) -> None:
    invocations = list(bench.measure(Case("fake", "fake-gpu", "fp32", 1, device="cuda")).invocations)
    kept = Kept(results)
    for each in invocations:
        kept.add("a case", each)
    assert Kept(results).of("a case") == invocations
    assert kept.take("a case", "of another model") == []
    assert Kept(results).take("a case", None) == invocations
    assert kept.take("a case", None) == []


@pytest.mark.parametrize("damage", ["{", "{}"])
def test_a_damaged_file_is_measured_again(bench: Bench, results: Results, damage: str) -> None:
    kept = Kept(results)
    for each in bench.measure(Case("fake", "fake", "fp32", 1)).invocations:
        kept.add("a case", each)
    (results.folder / "invocations" / "a case.1.json").write_text(damage)
    assert len(Kept(results).of("a case")) == 1


def test_what_the_disk_refuses_is_kept_in_memory(bench: Bench, results: Results) -> None:
    (results.folder / "invocations").write_text("a file in the place of the folder")
    kept = Kept(results)
    (first, *_) = bench.measure(Case("fake", "fake", "fp32", 1)).invocations
    kept.add("a case", first)
    assert results.unwritten
    assert kept.take("a case", None) == [first]
