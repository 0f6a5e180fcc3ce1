"""Rules on streams of video: what breaks first, and what more streams would take."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from tandem_reports.findings.base import VALUES, Finding, Found, ids
from tandem_reports.numbers import scaled
from tandem_reports.records.record import Record

#: Share of the time from which a thread is saturated.
SATURATED = 0.9
#: Stages of the thread that looks at frames; each is a part of its time.
LOOKING = ("prepare", "detect", "track", "classify")
#: Streams of a larger machine that are foretold, and the share of its time for which a thread may be busy.
MANY, ROOM = 100, 0.8


def breaks_first(run: Found) -> Iterator[Finding]:
    """The most streams that hold the bound, and what stops one more.

    Nothing of a load in steps: what was busy is known of all its steps together.
    """
    for record in run.records:
        if _stepped(record):
            continue
        levels = record.detail("watched", ())
        beyond = next((each for each in levels if not all(each["held"]) and not each["broken"]), None)
        if beyond is not None:
            yield Finding(f"{record.id}: {_held(record)}{_reason(beyond)}.", ids(record), confidence=VALUES)


def ended(run: Found) -> Iterator[Finding]:
    """Streams that ended early: the test failed with the same words."""
    for record in run.records:
        if record.outcome and record.detail("watched"):
            yield Finding(f"{record.outcome}.", ids(record), "Copy or record such a clip again.")


def larger(run: Found) -> Iterator[Finding]:
    """What many streams would take, by the costs of those that were watched: a prediction."""
    for record in run.records:
        level = _costs(record)
        if level is not None:
            yield Finding(f"{record.id}: {_foretold(record, level)}", ids(record), confidence=VALUES)


def _costs(record: Record) -> Mapping[str, Any] | None:
    """The most streams that held, if these are fewer than many and none was broken.

    Where the bound broke, decoders kept the detector waiting, and its times are those of both.
    """
    held = [each for each in record.detail("watched", ()) if each["looked"] and all(each["held"])]
    level = held[-1] if held and not _stepped(record) else None
    # The share of a time slice that an emulation takes away is felt only where a thread is busy.
    fit = level and level["streams"] < MANY and not level["broken"] and not record.detail("emulated")
    return level if fit else None


def _stepped(record: Record) -> bool:
    return len({each["step"] for each in record.detail("steps", ())}) > 1


def _foretold(record: Record, level: Mapping[str, Any]) -> str:
    """Detectors and cores, and what is left to one processor of another kind, such as a GPU."""
    seconds, streams, threads = sum(level["elapsed_s"]), level["streams"], record.detail("threads")
    # Only frames that the detector was to see are dropped.
    wanted = (level["looked"] + level["late"] + level["replaced"]) / seconds / streams
    look_s = level["watching"] * seconds / level["looked"]
    stages = {stage: level["stages"].get(stage, 0.0) for stage in LOOKING}
    rest_s = look_s * (1 - stages["detect"] / sum(stages.values()))
    detectors = math.ceil(MANY * wanted * look_s / ROOM)
    decoding = MANY * level["captured"] / seconds / streams * level["decode_s"]
    processes = f"{detectors} process{'es' if detectors > 1 else ''}"
    each = f"with {threads} core{'s' if threads > 1 else ''} each"
    one = scaled(ROOM / wanted / look_s, 1)
    return (
        f"prediction, not measured: {MANY} streams need {processes} like this one, {each}, and "
        f"{scaled(decoding, 1)} × the time of a core to decode. By the same costs one holds {one}. "
        f"A GPU that detects for all must take at most {scaled(ROOM / (MANY * wanted), 1e3)} ms for a frame; "
        f"to prepare, track and name takes {MANY * wanted * rest_s:.2g} threads beside it."
    )


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
