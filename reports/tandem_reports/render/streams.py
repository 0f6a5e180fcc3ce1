"""Table of streams of video: a row for each number of streams."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tandem_reports.numbers import scaled
from tandem_reports.records.record import Record
from tandem_reports.render.grid import grid
from tandem_reports.render.table import short_names

LEGEND = (
    "looked: frames that the detector saw; foretold: frames in which the tracker alone tells where objects "
    "are; late, replaced: frames dropped because the decoder was behind, and because a newer one of their "
    "stream came first; worst: share dropped of the worst stream; fair: Jain's index of the shares looked "
    "at; busy: share of the time of the detector's thread, and of the busiest decoder; p50, p99: from "
    "capture to result of the frames looked at, in ms, p99 empty if these are fewer than 662; held: few "
    "frames were late, few were dropped, and no stream ended early."
)

WAYS = (
    "ms: a frame in the detector's thread, alone; F1, MOTA, IDF1, HOTA, switches of identities: agreement of "
    "the objects in each frame with what is truly there, or with what the detector of the case finds that "
    "sees every frame; with N: share of the run of N streams, or of all its steps, in which it was taken."
)
STEPS = (
    "F1 of the results in each step of the load, of up to 8 streams, where a dropped frame counts as empty; "
    "late: share of the frames looked at that broke the bound; the last column is the mean, and empty if the "
    "bound broke. oracle: the best fixed way of each step, known afterwards."
)
SCORES = ("f1", "mota", "idf1", "hota")

Told = Mapping[str, Any]


def sections(records: Sequence[Record], style: str = "simple") -> Iterator[tuple[str, str, str]]:
    """The tables on streams of video, each with its title and its legend."""
    if watched := render(records, style):
        yield "streams of video", watched, LEGEND
    for record, choices in chosen(records, style):
        yield f"ways of the controller of {record.id}", choices, WAYS
    for record, steps in stepped(records, style):
        yield f"load of {record.id}", steps, STEPS


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
            levels = record.detail("watched")
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


def stepped(records: Sequence[Record], style: str = "simple") -> Iterator[tuple[Record, str]]:
    """For each load in steps a table of the runs of it: with the controller, and with each way fixed."""
    for record in records:
        runs = dict[str, list[Told]]()
        for step in record.detail("steps") or ():
            runs.setdefault(step["way"], []).append(step)
        if runs:
            numbers = [str(each["streams"]) for each in next(iter(runs.values()))]
            rows = [[way or "fixed", *map(_step, steps), _mean(steps)] for way, steps in runs.items()]
            headers = ["way", *(f"with {each}" for each in numbers), "F1"]
            yield record, grid(rows, headers, style, ["left", *("right" for _ in headers[1:])])


def _step(told: Told) -> str:
    """The F1 score of a step, and what broke the bound in it; the way, if it is an oracle's."""
    score = f"{told['accuracy']['f1']:.3f}" if told["accuracy"] else "held" if told["held"] else ""
    broken = [
        f"{told[name] / told[of]:.1%} {name}"
        for name, of in (("late", "looked"), ("dropped", "captured"))
        if told[name] and not told["held"]
    ]
    return ", ".join(filter(None, [score, told.get("taken", ""), *broken]))


def _mean(steps: Sequence[Told]) -> str:
    """The F1 score over all steps; empty where the bound did not hold in one."""
    if not all(each["held"] and each["accuracy"] for each in steps):
        return ""
    return f"{statistics.fmean(each['accuracy']['f1'] for each in steps):.3f}"


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
    watching = [each for each in records if each.detail("watched")]
    names = short_names(watching)
    rows = [
        [names[record.id], *(cell(told) for cell in COLUMNS.values())]
        for record in watching
        for told in record.detail("watched")
    ]
    return grid(rows, ["case", *COLUMNS], style, ["left", *("right" for _ in COLUMNS)]) if rows else ""
