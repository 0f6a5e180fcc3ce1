"""Tests of pages: what they hold, and what damaged or hostile data do to them."""

from __future__ import annotations

import json
import math
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tandem_reports import drawing, invocation
from tandem_reports.__main__ import main
from tandem_reports.records import stored
from tandem_reports.records.record import SCHEMA
from tandem_reports.records.results import RESULTS, DamagedRun, Results
from tests.records import make_record, timed, write_run

pytest.importorskip("altair")
from tandem_reports.page.document import embedded, linked

EAGER, QUICK = timed("m-eager-fp32-b1-cpu", 20, 1.0), timed("m-ov-fp32-b1-cpu", 10)
FAILED = make_record(
    "m-ort-fp32-b1-cpu", status="failed", outcome="Crashed: m-ort-fp32-b1-cpu is dead\nby a signal"
)
CALLS = [0.01 + 0.0001 * number for number in range(100)]
DATA = Path(__file__).parent / "data"
#: Texts that end a script element, a cell of Markdown, a line, or are a formula for a spreadsheet.
HOSTILE = (
    "<script>alert(1)</script>",
    "</script><b>",
    "a|b",
    "=cmd()",
    "two\nlines",
    '" onload="x',
    "{{ 7 * 7 }}",
)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_run(tmp_path, EAGER, QUICK, FAILED, calls_s=CALLS)


def edit(run: Path, change: Callable[[Any], None]) -> None:
    """Change the document of a run as by hand."""
    document = json.loads((run / RESULTS).read_text())
    change(document)
    (run / RESULTS).write_text(json.dumps(document))


def page(run: Path) -> str:
    return drawing.page(run, stored.read(run)).read_text()


def data(text: str) -> dict[str, Any]:
    """What the script of a page reads."""
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    read: dict[str, Any] = json.loads(found)
    return read


def test_a_page_has_the_answer_every_case_and_needs_nothing_else(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["page", str(run)]) == 0
    assert capsys.readouterr().out == f"written: {run / 'index.html'}\n"
    text = page(run)
    assert "What to ship" in text
    for case in (EAGER, QUICK, FAILED):
        assert f'<tr id="{case.id}">' in text
    assert "by a signal" in text
    markup = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert not re.findall(r'(?:src|href)="(?!#)', markup)
    assert "default-src 'none'" in markup


def test_without_altair_a_run_ends_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_folder: Path, _told: object) -> Path:
        raise ModuleNotFoundError("No module named 'altair'", name="altair")

    results = Results(write_run(tmp_path, EAGER), {}, {})
    monkeypatch.setattr(drawing, "page", missing)
    found = invocation.page(results)
    assert found.startswith("no page, as altair is not installed: pip install")
    assert "[page]" in found
    results.unwritten = "No space left on device"
    assert invocation.page(results) == "no page, as its folder cannot be written"


def test_an_empty_percentile_says_what_would_fill_it(run: Path) -> None:
    notes = data(page(run))["cases"][QUICK.id]["notes"]
    assert "p99 unknown, 36 of 662 calls: --tail p99 measures it" in notes


def test_identical_failures_are_told_once(tmp_path: Path) -> None:
    cases = [f"m-ort-fp32-b{batch}-cpu" for batch in (1, 2, 4)]
    failed = [make_record(case, status="failed", outcome=f"Crashed: {case} is dead") for case in cases]
    text = page(write_run(tmp_path, EAGER, *failed))
    assert "3 failed: Crashed: the case is dead" in text


@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_names_are_texts(tmp_path: Path, word: str) -> None:
    hostile = timed("m-ov-fp32-b1-cpu", 10, id=f"{word}-ov-fp32-b1-cpu", model=word)
    failed = make_record("m-ort-fp32-b1-cpu", status="failed", outcome=word)
    text = page(write_run(tmp_path, EAGER, hostile, failed))
    assert word not in text or not set(word) & set('<"')
    cases = data(text)["cases"]
    assert isinstance(cases, dict)
    assert hostile.id in cases
    assert cases[failed.id]["outcome"] == word


def test_what_is_no_number_is_no_number_of_json(run: Path) -> None:
    def change(
        document: dict[str, list[dict[str, dict[str, dict[str, dict[str, dict[str, float]]]]]]],
    ) -> None:
        document["records"][1]["sections"]["latency"]["figures"]["p50"]["value"] = math.nan

    edit(run, change)
    assert QUICK.id in page(run)
    assert embedded({"a": [math.inf, 1.5]}) == '{"a":[null,1.5]}'


def test_a_run_of_schema_1_has_a_page(tmp_path: Path) -> None:
    shutil.copyfile(DATA / "results-1.json", tmp_path / RESULTS)
    assert "efficientnet_lite0-openvino-fp32-b1-cpu" in page(tmp_path)


def test_damaged_runs_are_errors_that_name_the_file(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = (run / RESULTS).read_text()
    for text in (
        whole[:1000],
        "[]",
        json.dumps({"schema": SCHEMA}),
        whole.replace('"status": "ok"', '"status": 3'),
    ):
        (run / RESULTS).write_text(text)
        assert main(["page", str(run)]) == 1
        said = capsys.readouterr()
        assert RESULTS in said.out + said.err
    (run / RESULTS).write_text(whole.replace('"cpu": "a processor"', '"cpus": 1'))
    with pytest.raises(DamagedRun, match=r"results.json is damaged: .*`cpu`.*machine"):
        stored.read(run)


#: What a hand does to the second record, and a part of what is said of it.
EDITS: dict[str, tuple[Callable[[Any], None], str]] = {
    "agreement": (lambda record: record.update(agreement={}), "`relative_error`"),
    "case": (lambda record: record["case"].pop("backend"), "`backend`"),
    "batch": (lambda record: record["case"].update(batch=0), ">= 1"),
    "status": (lambda record: record.update(status="good"), "its status is 'good'"),
    "sections": (lambda record: record.update(sections={}), "it has no figures"),
    "mean": (lambda record: latency(record)["figures"].pop("mean"), "it has no mean"),
    "infinite": (lambda record: figure(record, "throughput", math.inf), "throughput is no finite number"),
    "negative": (lambda record: figure(record, "p50", -1.0), "p50 is -1.0"),
    "placement": (lambda record: latency(record)["details"].update(placement=[1]), "placement"),
    "tail": (lambda record: latency(record)["details"].update(tail={"samples": 3}), "`wanted`"),
    "roof": (lambda record: latency(record)["details"].update(roof={"least_s": "x"}), "roof"),
    "verdict": (lambda record: record.update(verdict={"case": "x", "kind": "splendid"}), "is no verdict"),
    "compression": (lambda record: record["case"].update(compression="prune-channels-30"), "has no bytes"),
}


def latency(record: Any) -> Any:
    return record["sections"]["latency"]


def figure(record: Any, name: str, value: float) -> None:
    latency(record)["figures"][name]["value"] = value


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_record_is_left_out_and_named_by_every_command(
    run: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change, words = EDITS[name]
    edit(run, lambda document: change(document["records"][1]))
    for command in (["page"], ["table"], ["table", "--format", "csv"], ["best"], ["render"]):
        assert main([command[0], str(run), *command[1:]]) == 1
        said = capsys.readouterr()
        assert f"{QUICK.id} is left out, as it is damaged in" in said.err
        assert words in said.err
    text = (run / "index.html").read_text()
    assert f"{QUICK.id} is left out" in text
    assert f'<tr id="{EAGER.id}">' in text
    assert f'<tr id="{QUICK.id}">' not in text


def test_a_record_that_is_there_twice_is_shown_once(run: Path) -> None:
    edit(run, lambda document: document["records"].append(document["records"][0]))
    text = page(run)
    assert text.count(f'<tr id="{EAGER.id}">') == 1
    assert "it is there twice" in text


def test_lost_samples_are_named_and_others_are_drawn(run: Path) -> None:
    for damage in ("[1, ", "[NaN]", "[-1]", '"123"', "[true]"):
        (run / "samples" / f"{QUICK.id}.json").write_text(damage)
        text = page(run)
        assert f"{QUICK.id}.json cannot be read" in text
        assert list(data(text)["samples"]) == [EAGER.id]
    (run / "samples" / f"{QUICK.id}.json").write_text("[]")
    assert f"{QUICK.id}.json is empty" in page(run)


def test_the_calls_that_are_drawn_are_those_of_the_percentiles(run: Path) -> None:
    (run / "samples" / f"{QUICK.id}.tail.json").write_text("[0.25]")
    tail = {"samples": 1, "wanted": 1}
    edit(run, lambda document: latency(document["records"][1])["details"].update(tail=tail))
    assert len(data(page(run))["samples"][QUICK.id]) == len(CALLS)
    tail["percentiles"] = True
    edit(run, lambda document: latency(document["records"][1])["details"].update(tail=tail))
    assert data(page(run))["samples"][QUICK.id] == [250.0]


def test_a_folder_without_samples_says_so(tmp_path: Path) -> None:
    assert "The folder has no samples" in page(write_run(tmp_path, EAGER, QUICK))


def test_a_case_that_is_best_in_everything_has_one_row(run: Path) -> None:
    assert '<th scope="row">latency and throughput</th>' in page(run)


def test_cases_in_a_sentence_are_links() -> None:
    found = linked("a-b is <fast>; a-b-c is a-b.", {"a-b"})
    link = '<a href="#a-b" data-case>a-b</a>'
    assert found == f"{link} is &lt;fast&gt;; a-b-c is {link}."


def test_a_run_in_which_nothing_was_timed_has_a_page(tmp_path: Path) -> None:
    text = page(write_run(tmp_path, FAILED))
    assert "What to ship" not in text
    assert "No case was timed: 1 failed" in text
