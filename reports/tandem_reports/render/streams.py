"""Table of streams of video: a row for each number of streams."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tandem_reports.numbers import scaled
from tandem_reports.records.record import Record
from tandem_reports.render.grid import grid
from tandem_reports.render.table import short_names

LEGEND = (
    "looked: frames that the detector saw; foretold: frames in which the tracker alone tells where objects "
    "are; late, replaced: frames dropped because the decoder was behind, and because a newer one of their "
    "stream came first; worst: share dropped of the worst stream; fair: Jain's index of the frames looked "
    "at; busy: share of the time of the detector's thread, and of the busiest decoder; p50, p99: from "
    "capture to result of the frames looked at, in ms."
)

WAYS = (
    "ms: a frame in the detector's thread, alone; F1, MOTA, IDF1, HOTA, switches of identities: agreement of "
    "the objects in each frame with what is truly there, or with what the detector of the case finds that "
    "sees every frame; with N: share of the run of N streams in which the way was taken."
)
SCORES = ("f1", "mota", "idf1", "hota")

Told = Mapping[str, Any]


def _milliseconds(name: str) -> Callable[[Told], str]:
    return lambda told: scaled(told[name], 1e3)


def _count(name: str) -> Callable[[Told], str]:
    return lambda told: str(told[name] or "")


#: Headers and cells.
COLUMNS: Mapping[str, Callable[[Told], str]] = {
    "streams": lambda told: str(told["streams"]),
    "frames": _count("captured"),
    "looked": _count("looked"),
    "foretold": _count("foretold"),
    "late": _count("late"),
    "replaced": _count("replaced"),
    "worst": lambda told: f"{told['worst']:.1%}",
    "fair": lambda told: f"{told['fairness']:.3f}",
    "p50": _milliseconds("p50"),
    "p99": _milliseconds("p99"),
    "batch": lambda told: scaled(told["batch"], 1),
    "busy": lambda told: f"{told['watching']:.0%}, {told['decoding']:.0%}",
    "named": _count("named"),
    "MB": lambda told: scaled(told["peak_rss_bytes"], 1e-6),
    "held": lambda told: ", ".join(dict.fromkeys("yes" if each else "no" for each in told["held"])),
}


def chosen(records: Sequence[Record], style: str = "simple") -> Iterator[tuple[Record, str]]:
    """For each controller a table of the ways between which it chose, and the share of each run in one."""
    for record in records:
        if ways := record.detail("ways"):
            levels = record.detail("video")
            rows = [
                [way["words"], scaled(way["frame_s"], 1e3)]
                + [f"{way['accuracy'][name]:.3f}" for name in SCORES]
                + [str(way["accuracy"]["switches"]), *(share(level, place) for level in levels)]
                for place, way in enumerate(ways)
            ]
            headers = [
                "way",
                "ms",
                *map(str.upper, SCORES),
                "switches",
                *(f"with {level['streams']}" for level in levels),
            ]
            yield record, grid(rows, headers, style, ["left", *("right" for _ in headers[1:])])


def share(level: Told, place: int) -> str:
    """Share of a run in which a way was taken; empty if it never was."""
    taken_s = 0.0
    for run, elapsed_s in zip(level["ways"], level["elapsed_s"], strict=True):
        ends = [*(at_s for at_s, _ in run[1:]), elapsed_s]
        taken_s += sum(end - at_s for (at_s, way), end in zip(run, ends, strict=True) if way == place)
    found = taken_s / sum(level["elapsed_s"])
    return f"{found:.0%}" if found else ""


def render(records: Sequence[Record], style: str = "simple") -> str:
    """A table; empty if no case watched streams."""
    watching = [each for each in records if each.detail("video")]
    names = short_names(watching)
    rows = [
        [names[record.id], *(cell(told) for cell in COLUMNS.values())]
        for record in watching
        for told in record.detail("video")
    ]
    return grid(rows, ["case", *COLUMNS], style, ["left", *("right" for _ in COLUMNS)]) if rows else ""
