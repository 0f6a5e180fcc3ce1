"""Tests of saved runs: an unchanged file is read, any other is refused with a message."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandem_reports.records import saved
from tandem_reports.records.saved import DamagedBaseline, NoSuchRun
from tests.records import costs, make_record, save

CASE = "m-b-fp32-b1-cpu"
#: Without a deadline: a busy machine writes slowly.
REUSED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return save(tmp_path, 1, [make_record(CASE, costs())])


def test_a_saved_run_is_read_as_it_was(path: Path) -> None:
    run = saved.read(path)
    assert run.name == "0001"
    assert run.records[CASE] == make_record(CASE, costs())


def test_letters_that_the_locale_did_not_have_are_saved_as_what_they_are(tmp_path: Path) -> None:
    name = "/models/n\udcc3\udca4t.onnx"  # "nät", as an ASCII locale returns it
    path = save(tmp_path, 1, [make_record(CASE, costs(), model=name)])
    assert saved.read(path).records[CASE].model == "/models/nät.onnx"


def assert_refused(path: Path) -> None:
    with pytest.raises(DamagedBaseline) as refused:
        saved.read(path)
    assert str(path) in str(refused.value)
    assert "delete it from the saved runs, or compare with another one" in str(refused.value)


@REUSED
@given(data=st.data())
def test_a_truncated_file_is_refused(path: Path, data: st.DataObject) -> None:
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
        assert_refused(path)
    finally:
        path.write_bytes(whole)


@REUSED
@given(position=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
def test_a_damaged_byte_is_refused_or_does_not_matter(path: Path, position: float, byte: int) -> None:
    whole, run = path.read_bytes(), saved.read(path)
    at = int(position * len(whole))
    try:
        path.write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
        try:
            assert saved.read(path) == run
        except DamagedBaseline:
            assert_refused(path)
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b"{}", b"\xff\xfe", b'{"benchmarks": []}', b"[" * 99999]
)
def test_what_is_no_saved_run_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert_refused(path)


def leaves(value: Any, trail: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths to all numbers and texts in a document."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [way for key, each in items for way in leaves(each, (*trail, key))]
    return [trail]


@REUSED
@given(
    data=st.data(),
    value=st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.none()),
)
def test_a_file_edited_by_hand_is_refused(path: Path, data: st.DataObject, value: object) -> None:
    whole = path.read_text()
    document = json.loads(whole)
    ours = [way for way in leaves(document) if "tandem" in way]
    *trail, last = data.draw(st.sampled_from(ours))
    place = document
    for key in trail:
        place = place[key]
    if json.dumps(place[last]) == json.dumps(value):
        return
    place[last] = value
    try:
        path.write_text(json.dumps(document))
        assert_refused(path)
    finally:
        path.write_text(whole)


def test_a_foreign_schema_is_named(path: Path) -> None:
    document = json.loads(path.read_text())
    document["tandem"]["schema"] = 99
    path.write_text(json.dumps(document))
    with pytest.raises(DamagedBaseline, match="has schema 99, this is 2"):
        saved.read(path)


def test_promoting_changes_nothing_else(path: Path) -> None:
    before = saved.read(path)
    saved.promote(path)
    after = saved.read(path)
    assert after.promoted_at
    assert after == replace(before, promoted_at=after.promoted_at)


def test_a_run_is_found_by_number_name_or_path(path: Path, tmp_path: Path) -> None:
    for name in ("0001", "0001_run", "0001_run.json", str(path)):
        assert saved.find(tmp_path, name) == path
    with pytest.raises(NoSuchRun, match=r"'0002' names no saved run in .*: 0001_run"):
        saved.find(tmp_path, "0002")
    save(tmp_path, 2, [])
    with pytest.raises(NoSuchRun, match="several"):
        saved.find(tmp_path, "000")
    for number in range(3, 11):
        save(tmp_path, number, [])
    with pytest.raises(NoSuchRun, match=r"2 older ones, 0003_run, .*, 0010_run"):
        saved.find(tmp_path, "0")
