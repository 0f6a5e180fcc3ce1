"""The best case of each model within limits: the quickest call, or the most samples a second.

A case qualifies if it was timed, its answers are not noise, and no limit excludes it. A figure that the run
does not have excludes a case too: an unknown percentile keeps no promise.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from tandem_reports.judging.curves import AXES
from tandem_reports.judging.tradeoff import SIZES, is_choice, is_noise, off, work
from tandem_reports.numbers import below, duration, share, size, told
from tandem_reports.records.record import Record
from tandem_reports.statistics import SMALLEST_SAMPLE, TAILS

NOISE = "its answers are noise"


@dataclass(frozen=True, slots=True)
class Bounded:
    """A figure that can have a limit: its value in a record, its text, and how to read a limit for it."""

    name: str
    value: Callable[[Record], float | None]
    text: Callable[[float], str]
    read: Callable[[str], float]
    help: str
    #: The reason why a record does not have it.
    missing: Callable[[Record], str] = lambda _record: "not measured"


def _percentile(percent: int) -> Bounded:
    name = f"p{percent}"

    def missing(record: Record) -> str:
        found = max(record.detail("samples", 0), record.detail("tail", {}).get("samples", 0))
        more = f"--tail {name} measures it" if percent in TAILS else "a larger --budget measures it"
        return f"unknown, {found} of {SMALLEST_SAMPLE[percent]} calls: {more}"

    return Bounded(
        name,
        lambda record: record.number(name),
        lambda value: f"{value * 1e3:.3g} ms",
        duration,
        f"longest {name} of a call, such as 20ms",
        missing,
    )


def megabytes(value: float) -> str:
    return told(value, "bytes")


def percent(value: float) -> str:
    """A share with three significant digits."""
    return f"{value}" if math.isinf(value) else f"{value * 100:.3g}%"


def memory(record: Record) -> float | None:
    """Bytes on the device of the case: on a GPU those of the GPU."""
    return record.number("peak_rss" if record.device == "cpu" else "vram")


def lost(record: Record) -> float | None:
    """Share of right answers that the case lost against the reference; None if it was not scored."""
    scored = record.detail("accuracy")
    return -float(scored["change"]) if scored else None


PERCENTILES = {f"p{number}": _percentile(number) for number in SMALLEST_SAMPLE}
#: By the option of ``tandem best``.
BOUNDED: dict[str, Bounded] = {
    **PERCENTILES,
    "max-memory": Bounded("memory", memory, megabytes, size, "most memory, such as 500MB"),
    "max-artifact": Bounded(
        "artifact", lambda record: record.number("artifact"), megabytes, size, "largest artifact"
    ),
    "max-error": Bounded("error", off, percent, share, "largest error against fp64, such as 1%%"),
    "max-accuracy-loss": Bounded(
        "accuracy loss",
        lost,
        percent,
        share,
        "largest loss of right answers, as a share of all samples",
        lambda _record: "unknown, not scored on labelled data",
    ),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """The largest value of a figure; ``words`` are those of the command line."""

    words: str
    bounded: Bounded
    most: float

    def excludes(self, record: Record) -> Exclusion | None:
        value = self.bounded.value(record)
        if value is None:
            reason = f"{self.bounded.name} {self.bounded.missing(record)}"
            return Exclusion(record, self.words, reason, math.inf)
        if value <= self.most:
            return None
        excess = value / self.most if self.most > 0 else math.inf
        return Exclusion(record, self.words, f"{self.bounded.name} {self.bounded.text(value)}", excess)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A case and the limit that it misses. ``excess`` is its value divided by the limit."""

    record: Record
    limit: str
    reason: str
    excess: float


@dataclass(frozen=True, slots=True)
class Choice:
    """Cases that do the same work: those that qualify, the best first, and the others with all reasons."""

    #: The model, with what else the work depends on.
    title: str
    qualified: Sequence[Record]
    excluded: Sequence[Exclusion]
    #: What machines cost, if the cases are of several that were compared by it.
    prices: Prices | None = None

    @property
    def nearest(self) -> Exclusion | None:
        """The largest miss of the case that misses its limits by least; None if nothing was excluded."""
        worst = dict[str, Exclusion]()
        for each in self.excluded:
            known = worst.setdefault(each.record.id, each)
            if each.excess > known.excess:
                worst[each.record.id] = each
        return min(worst.values(), key=lambda each: each.excess, default=None)


#: From a record to a number: the smallest is the best.
Order = Callable[[Record], float]


class Rule(Protocol):
    """What may keep a case from being chosen."""

    def excludes(self, record: Record) -> Exclusion | None: ...


class Prices(Rule, Protocol):
    """Prices of machines: see ``prices.py``."""

    def order(self, order: Order) -> Callable[[Record], tuple[float, float]]: ...


def by_latency(record: Record) -> float:
    """Seconds of a call: the median, or the mean of a sample that is too small for it."""
    return record.number("p50") or record.number("mean") or math.inf


def by_throughput(record: Record) -> float:
    return -(record.number("throughput") or 0.0)


def choose(
    records: Iterable[Record], limits: Sequence[Limit], order: Order, prices: Prices | None = None
) -> list[Choice]:
    """The choice for each model, at each size of its inputs, on each machine; with prices, over machines."""
    timed = list(filter(is_choice, records))
    same, best = (partial(work, apart=SIZES), prices.order(order)) if prices else (work, order)
    rules: list[Rule] = [*limits, *([prices] if prices else [])]
    choices = []
    for each_work in dict.fromkeys(map(same, timed)):
        cases = [record for record in timed if same(record) == each_work]
        excluded = [
            each
            for record in cases
            for each in (_noise(record), *(rule.excludes(record) for rule in rules))
            if each
        ]
        out = {each.record.id for each in excluded}
        fit = sorted((each for each in cases if each.id not in out), key=lambda each: (best(each), each.id))
        choices.append(Choice(title(cases[0], not prices), fit, excluded, prices))
    return choices


def title(record: Record, placed: bool = True) -> str:
    """The model, the sizes of its inputs that are not its own, and the machine in a run over several."""
    side, length = record.case.get("side"), record.case.get("size")
    parts = [record.name, *([f"{side} px"] if side else [])]
    parts += [AXES["size"].words(length)] if length else []
    parts += [f"on {record.machine}"] if placed and record.machine else []
    parts += ["copies included"] if record.transfer == "host" else []
    return ", ".join([*parts, *([record.scenario.replace("_", " ")] if record.scenario != "latency" else [])])


def _noise(record: Record) -> Exclusion | None:
    return Exclusion(record, "", NOISE, math.inf) if is_noise(record) else None


def read_bound(words: str) -> Limit:
    """The limit in words such as ``p95<100ms``. Raises ``ValueError``."""
    try:
        percent, seconds = below(words)
    except argparse.ArgumentTypeError as error:
        raise ValueError(str(error)) from error
    if f"p{percent}" not in PERCENTILES:
        known = ", ".join(PERCENTILES)
        raise ValueError(f"{words!r} is not a percentile and its limit, such as p95<100ms; known are {known}")
    return Limit(words.replace(" ", ""), PERCENTILES[f"p{percent}"], seconds)
