"""Tests of the tables of streams of video, and of the sentence on what breaks first."""

from __future__ import annotations

import pytest

from tandem_reports.findings.base import Found
from tandem_reports.findings.video import breaks_first
from tandem_reports.render import streams
from tests.records import make_record, watching


def test_each_number_of_streams_has_a_row_with_all_its_frames() -> None:
    first, second = streams.render([watching(1, 0.97), make_record("n-b-fp32-b1-cpu")]).splitlines()[-2:]
    assert first.split() == [
        "b-fp32-b1", "1", "662", "600", "60", "2", "0.3%", "1.000", "10", "20", "1", "30%,",
        "10%", "3", "500", "yes",
    ]  # fmt: skip
    assert second.split()[1] == "2"
    assert second.split()[-1] == "no"


def test_ways_have_their_scores_and_the_share_of_each_run() -> None:
    ((_, table),) = streams.chosen([watching(1, 0.97), make_record("n-b-fp32-b1-cpu")])
    first, second = table.splitlines()[-2:]
    assert first.split() == ["fp32.every1", "10", "0.900", "0.800", "0.700", "0.600", "5", "75%", "75%"]
    assert second.split()[-1] == "25%"


def test_without_streams_there_is_no_table() -> None:
    assert streams.render([make_record()]) == ""
    assert list(streams.chosen([make_record()])) == []


@pytest.mark.parametrize(
    ("held", "busy", "decoding", "words"),
    [
        (1, 0.97, 0.1, "detector's thread is busy for 97% of the time: it saturates first, and detect"),
        (1, 0.5, 0.95, "a decoder is busy for 95% of the time: it saturates first"),
        (1, 0.5, 0.1, "busy for 50% of the time, so no stage is saturated"),
        (0, 0.97, 0.1, "no stream holds p99<50ms; with 2 streams"),
    ],
)
def test_a_sentence_says_what_breaks_first(held: int, busy: float, decoding: float, words: str) -> None:
    (finding,) = breaks_first(Found([watching(held, busy, decoding)], {}))
    assert words in finding.text
