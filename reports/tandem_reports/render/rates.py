"""Results of the gate's trials: a row for each kind of comparison."""

from __future__ import annotations

import contextlib
import json
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tandem_reports.judging.suites import Point
from tandem_reports.records.verdict import INCONCLUSIVE, REGRESSED
from tandem_reports.render.grid import grid
from tandem_reports.statistics import binomial_interval

HEADERS = (
    "case", "against", "planted", "gate", "alarms", "rate", "95 % interval", "undecided", "seconds",
    "intervals hold", "half width",
)  # fmt: skip


#: In place of a case, for all of them.
ALL = "all cases"


@dataclass
class Rate:
    """The comparisons of one kind."""

    kinds: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    #: For each first interval, True if it holds the planted change, and half of it, as a share.
    held: list[bool] = field(default_factory=list)
    halves: list[float] = field(default_factory=list)

    def add(self, outcome: Mapping[str, Any]) -> None:
        self.kinds.append(outcome["verdict"]["kind"])
        self.seconds.append(outcome["took_s"])
        first = outcome.get("first") or {"low": None}
        if first["low"] is not None:
            self.held.append(first["low"] <= outcome["check"]["planted"] <= first["high"])
            self.halves.append(math.sqrt((1 + first["high"]) / (1 + first["low"])) - 1)

    @property
    def alarms(self) -> int:
        return self.kinds.count(REGRESSED)

    @property
    def interval(self) -> tuple[float, float]:
        return binomial_interval(self.alarms, len(self.kinds))


def read(log: Path) -> Iterator[Mapping[str, Any]]:
    """The outcomes in a log of ``benches/bench_gate.py``.

    Raises ``ValueError``, which names a damaged line.
    """
    for number, line in enumerate(log.read_bytes().splitlines(), 1):
        try:
            outcome = json.loads(line)
            kind_of(outcome)
            Rate().add(outcome)
        except (ValueError, KeyError, TypeError, AttributeError):
            where = f"{log}, line {number}: no outcome of bench_gate.py"
            raise ValueError(f"{where}: give the gate-*.jsonl alone, or delete the line") from None
        yield outcome


def kind_of(outcome: Mapping[str, Any]) -> tuple[str, ...]:
    """The case, the kind of comparison, the planted slowdown and the gate, as words."""
    check, busy = outcome["check"], ", one core busy" if outcome.get("neighbour") else ""
    shares = (f"{100 * check[name]:.3g}%" for name in ("planted", "gate"))
    return outcome["case"], outcome["mode"] + busy, *shares


def render(outcomes: Iterable[Mapping[str, Any]], style: str = "simple") -> str:
    """A row for each case, kind of comparison, planted slowdown and gate, and a row for all cases together.

    ``style`` is one of ``tabulate``.
    """
    found, cases = dict[tuple[str, ...], Rate](), set[str]()
    for outcome in outcomes:
        case, *kind = kind_of(outcome)
        cases.add(case)
        for each in (case, ALL):
            found.setdefault((each, *kind), Rate()).add(outcome)
    ordered = sorted(found.items(), key=lambda each: (each[0][0] == ALL, *each[0]))
    rows = [row(kind, rate) for kind, rate in ordered if kind[0] != ALL or len(cases) > 1]
    alignment = ("left", "left", *["right"] * 9)
    return grid(rows, HEADERS, style, alignment)


def row(kind: Sequence[str], rate: Rate) -> Sequence[str]:
    low, high = rate.interval
    count = len(rate.kinds)
    return (
        *kind,
        f"{rate.alarms} of {count}",
        f"{rate.alarms / count:.0%}",
        f"{low:.1%} – {high:.1%}",
        str(Counter(rate.kinds)[INCONCLUSIVE]),
        f"{statistics.median(rate.seconds):.1f}",
        f"{sum(rate.held)} of {len(rate.held)}",
        f"{statistics.median(rate.halves):.1%} (most {max(rate.halves):.0%})" if rate.halves else "",
    )


def simulated(points: Iterable[Point], cases: int) -> str:
    """A row for each kind of simulated suite, of so many cases each."""
    headers = ("machine", "against", "planted", "gate", "suites with an alarm", "cases with one",
               "cases passed", "intervals hold", "half width", "invocations")  # fmt: skip
    rows = [
        (
            each.machine, each.mode, f"{each.planted:.0%}", f"{each.gate:.1%}",
            f"{each.alarming:.1%}", f"{each.alarms:.1%}", f"{each.passed:.1%}", f"{each.coverage:.1%}",
            f"{each.half:.1%}", f"{each.invocations:.1f}",
        )
        for each in points
    ]  # fmt: skip
    table = grid(rows, headers, "simple", ("left", "left", *["right"] * 8))
    return f"{table}\n\nsuites of {cases} cases"


def false_alarms(folder: Path, gate: float) -> str:
    """A sentence on the false alarms that ``benches/bench_gate.py`` counted in a folder of runs.

    They are those at this gate or a narrower one, which alarms no less often, without a busy neighbour. Of a
    damaged log, those before the damage.
    """
    kinds = defaultdict[str, list[str]](list)
    for log in folder.glob("gate-*.jsonl"):
        with contextlib.suppress(OSError, ValueError):
            for outcome in read(log):
                check, neighbour = outcome["check"], outcome.get("neighbour", False)
                if check["planted"] == 0 and check["gate"] <= gate and not neighbour:
                    kinds[outcome["mode"]].append(outcome["verdict"]["kind"])
    told = []
    for mode, where in (("stored", "with a stored baseline"), ("versus", "in tandem")):
        if trials := len(kinds[mode]):
            alarms = kinds[mode].count(REGRESSED)
            low, high = binomial_interval(alarms, trials)
            told.append(f"{alarms} of {trials} {where} (95 % interval {low:.1%} to {high:.1%})")
    if not told:
        return "its rate of false alarms on this machine: pytest benches/bench_gate.py --trials 40"
    return (
        "its false alarms on this machine, in comparisons without a change at this gate or a narrower one: "
        + ", ".join(told)
    )
