"""Rules on streams of video: what breaks first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tandem_reports.findings.base import VALUES, Finding, Found, ids
from tandem_reports.numbers import scaled
from tandem_reports.records.record import Record

#: Share of the time from which a thread is saturated.
SATURATED = 0.9
#: Stages of the thread that looks at frames; each is a part of its time.
LOOKING = ("prepare", "detect", "track", "classify")


def breaks_first(run: Found) -> Iterator[Finding]:
    """The most streams that hold the bound, and what stops one more."""
    for record in run.records:
        levels = record.detail("video", ())
        beyond = next((each for each in levels if not all(each["held"])), None)
        if beyond is not None:
            yield Finding(f"{record.id}: {_held(record)}{_reason(beyond)}.", ids(record), confidence=VALUES)


def _held(record: Record) -> str:
    held, bound = record.number("streams"), record.detail("bound")
    return (
        f"{held:.3g} streams hold {bound}; "
        if held
        else f"not one stream holds {bound}; "
        if held == 0
        else ""
    )


def _reason(level: Mapping[str, Any]) -> str:
    streams = "1 stream" if level["streams"] == 1 else f"{level['streams']} streams"
    if level["decoding"] > SATURATED:
        return (
            f"with {streams} the decoder is busy for {level['decoding']:.0%} of the time: it saturates first"
        )
    longest = max(LOOKING, key=lambda stage: level["stages"].get(stage, 0.0))
    told = f"with {streams} the detector's thread is busy for {level['watching']:.0%} of the time"
    if level["watching"] > SATURATED:
        took = scaled(level["stages"].get(longest), 1e3)
        return f"{told}: it saturates first, and {longest} is the most of it, {took} ms of a call"
    return f"{told}, so no stage is saturated: single frames are late"
