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
    if held is None:  # a number of streams was given
        return ""
    verb = "holds" if held == 1 else "hold"
    return f"{_streams(held)} {verb} {bound}; " if held else f"no stream holds {bound}; "


def _streams(count: float) -> str:
    return f"{count:.3g} stream{'' if count == 1 else 's'}"


def _reason(level: Mapping[str, Any]) -> str:
    streams, stages = f"with {_streams(level['streams'])}", level["stages"]
    if level["decoding"] > SATURATED:
        return f"{streams} a decoder is busy for {level['decoding']:.0%} of the time: it saturates first"
    told = f"{streams} the detector's thread is busy for {level['watching']:.0%} of the time"
    if level["watching"] <= SATURATED:
        return f"{told}, so no stage is saturated: single frames are late"
    longest = max(LOOKING, key=lambda stage: stages.get(stage, 0.0))
    took_ms = scaled(stages[longest], 1e3)
    return f"{told}: it saturates first, and {longest} is the most of it, {took_ms} ms of a call"
