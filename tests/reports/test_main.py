"""Tests of ``tandem`` on synthetic saved runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tandem_reports import installing
from tandem_reports.__main__ import main
from tandem_reports.judging.baseline import machine_folder
from tandem_reports.render import rates
from tests.records import costs, make_record, save

CASE = "m-b-fp32-b1-cpu"


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    """Ten runs; from the sixth on the case is 8 % slower, and in the tenth another case is missing."""
    folder = machine_folder(str(tmp_path))
    for number in range(1, 11):
        records = [make_record(CASE, costs(1.08 if number > 5 else 1.0, seed=number))]
        if number < 10:
            records.append(make_record("n-b-fp32-b1-cpu", costs(seed=-number)))
        save(folder, number, records)
    return tmp_path


def reports(storage: Path, *words: str) -> int:
    return main([f"--storage={storage}", *words])


def test_two_runs_are_compared(storage: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reports(storage, "compare", "0001", "0002") == 0
    assert "2 ok" in capsys.readouterr().out
    assert reports(storage, "compare", "0001", "0009") == 1
    assert f"regressed  {CASE}" in capsys.readouterr().out
    assert reports(storage, "compare", "0001", "0009", "--gate", "off") == 0
    assert reports(storage, "compare", "0001", "0009", "--gate", "20%") == 0


def test_a_case_that_vanished_between_two_runs_is_missing(
    storage: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reports(storage, "compare", "0009", "0010") == 1
    assert "missing    n-b-fp32-b1-cpu" in capsys.readouterr().out


def test_a_case_that_only_the_earlier_run_was_asked_for_is_named(
    storage: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(
        machine_folder(str(storage)), 11, [make_record(CASE, costs()), make_record(f"{CASE}@memory", costs())]
    )
    assert reports(storage, "compare", "0011", "0010", "--gate", "off") == 0
    assert f"\n0010 was not asked for {CASE}@memory of 0011\n" in capsys.readouterr().out
    assert reports(storage, "compare", "0010", "0011") == 0
    assert "was not asked" not in capsys.readouterr().out


def test_the_history_names_where_the_level_changed(storage: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reports(storage, "history", "--case", "m-*") == 0
    output = capsys.readouterr().out
    assert "0006 +" in output
    assert "n-b-fp32" not in output


def test_a_case_that_no_run_has_is_answered_with_those_that_they_have(
    storage: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reports(storage, "history", "--case", "nomatch*") == 1
    told = f"has an undisturbed case 'nomatch*'; they have: {CASE}, n-b-fp32-b1-cpu"
    assert told in capsys.readouterr().out


def test_a_history_without_a_run_names_how_to_save_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reports(tmp_path, "history") == 1
    told = f"{machine_folder(str(tmp_path))} has no saved run with an undisturbed case: pytest benches"
    assert capsys.readouterr().out.startswith(told)


def test_runs_that_a_trend_leaves_out_are_counted(storage: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(machine_folder(str(storage)), 100, [make_record(CASE, costs(1.0))], threads=7)
    assert reports(storage, "history") == 0
    assert "with other settings than the newest, such as --threads, left out: 10" in capsys.readouterr().out


def test_the_history_is_drawn(storage: Path, tmp_path: Path) -> None:
    pytest.importorskip("altair")
    picture, page = tmp_path / "trend.png", tmp_path / "trend.html"
    assert reports(storage, "history", "--plot", str(picture), "--page", str(page)) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "0006 +" in page.read_text()


def test_a_damaged_run_is_named_and_the_others_are_shown(
    storage: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = next(storage.rglob("0003*"))
    damaged.write_text("{}")
    assert reports(storage, "history") == 1
    output = capsys.readouterr().out
    assert f"error: {damaged} was not saved by Tandem" in output
    assert CASE in output
    assert reports(storage, "compare", "0003", "0004") == 1
    assert "error: " in capsys.readouterr().out


@pytest.mark.parametrize("words", [["compare", "0001", "4711"], ["promote", "4711"]])
def test_what_is_not_there_is_an_error(
    storage: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert reports(storage, *words) == 2
    assert "'4711' names no saved run" in capsys.readouterr().out


def test_trials_in_several_logs_add_up(storage: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs = [storage / "one.jsonl", storage / "other.jsonl"]
    for log, kinds in zip(logs, (["regressed"] * 3, ["regressed", "inconclusive"]), strict=True):
        check = {"planted": 0.03, "gate": 0.015}
        outcomes = [
            {"mode": "stored", "case": CASE, "check": check, "verdict": {"kind": kind}, "took_s": 10.0}
            for kind in kinds
        ]
        log.write_text("".join(json.dumps(outcome) + "\n" for outcome in outcomes))
    assert reports(storage, "rates", *map(str, logs)) == 0
    row = capsys.readouterr().out.splitlines()[-1].split()
    rate = [CASE, "stored", "3%", "1.5%", "4", "of", "5", "80%", "28.4%", "–", "99.5%", "1", "10.0"]
    assert row == [*rate, "0", "of", "0"]


def test_intervals_that_hold_what_was_planted_are_counted(
    storage: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = storage / "one.jsonl"
    verdict = {"kind": "inconclusive"}
    outcomes = [
        {
            "mode": "versus", "case": case, "check": {"planted": 0.02, "gate": 0.01}, "verdict": verdict,
            "took_s": 10.0, "first": {"low": low, "high": 0.04}, "neighbour": True,
        }
        for case, low in ((CASE, 0.0), (CASE, 0.03), (CASE.replace("b1", "b8"), 0.0))
    ]  # fmt: skip
    log.write_text("".join(json.dumps(outcome) + "\n" for outcome in outcomes))
    assert reports(storage, "rates", str(log)) == 0
    *_, first, second, together = capsys.readouterr().out.splitlines()
    assert "1 of 2" in first
    assert "versus, one core busy" in second
    assert together.startswith("all cases")
    assert "2 of 3  2.0% (most 2%)" in together


def test_the_gate_is_simulated(storage: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reports(storage, "simulate", "--suites", "2", "--saved", "2") == 0
    printed = capsys.readouterr().out
    assert "two speeds" in printed
    assert printed.endswith("suites of 40 cases\n")


def test_an_empty_history_says_how_to_begin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reports(tmp_path, "history") == 1
    assert "--benchmark-autosave" in capsys.readouterr().out


def test_the_command_that_installs_an_extra_is_that_of_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installing.command("openvino", root=tmp_path) == 'pip install "tandem-bench[openvino]"'
    (tmp_path / "pyproject.toml").touch()
    assert installing.command("openvino", root=tmp_path) == f'pip install -e "{tmp_path}[openvino]"'
    monkeypatch.chdir(tmp_path)
    assert installing.command("openvino", root=tmp_path) == 'pip install -e ".[openvino]"'
    assert installing.command(root=tmp_path) == 'pip install -e "."'


def test_the_false_alarms_of_this_machine_stand_beside_verdicts(tmp_path: Path) -> None:
    assert "bench_gate.py --trials 40" in rates.false_alarms(tmp_path, 0.05)
    kinds = ["ok"] * 38 + ["regressed"] * 2
    lines = [
        json.dumps(
            {
                "mode": "stored",
                "case": CASE,
                "check": {"planted": planted, "gate": 0.05},
                "verdict": {"kind": kind},
                "took_s": 1.0,
            }
        )
        for planted, kind in [*((0.0, kind) for kind in kinds), (0.1, "regressed")]
    ]
    lines.append(lines[0].replace("stored", "versus"))
    (tmp_path / "gate-1.jsonl").write_text("\n".join(lines))
    (tmp_path / "gate-2.jsonl").write_text("{damaged")
    found = rates.false_alarms(tmp_path, 0.05)
    assert found.endswith(
        ": 2 of 40 with a stored baseline (95 % interval 0.6% to 16.9%), "
        "0 of 1 in tandem (95 % interval 0.0% to 97.5%)"
    )
    assert "2 of 40" in rates.false_alarms(tmp_path, 0.1), "a wider gate alarms no more often"
    assert "bench_gate.py" in rates.false_alarms(tmp_path, 0.03), "a narrower one may"


def test_a_damaged_log_of_the_gate_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "gate-1.jsonl"
    log.write_text('{"mode": "stored"}\n')
    assert reports(tmp_path, "rates", str(log)) == 2
    assert f"{log}, line 1: no outcome of bench_gate.py" in capsys.readouterr().out
    log.write_bytes(b"\xff\n")
    assert reports(tmp_path, "rates", str(log)) == 2
    assert f"{log}, line 1: no outcome of bench_gate.py" in capsys.readouterr().out


def test_a_picture_of_an_unknown_kind_is_refused_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reports(tmp_path, "simulate", "--plot", "gate.doc") == 2
    assert capsys.readouterr().out == "error: gate.doc: 'doc' is not one of png, svg, pdf\n"


def test_a_run_is_promoted(storage: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reports(storage, "promote", "0009") == 0
    assert "is the baseline until a later good run is saved" in capsys.readouterr().out
