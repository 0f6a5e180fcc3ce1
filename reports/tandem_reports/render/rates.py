"""Results of the gate's trials: a row for each kind of comparison."""

from __future__ import annotations

import contextlib
import json
import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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


def render(outcomes: Iterable[Mapping[str, Any]], style: str = "simple") -> str:
    """A row for each case, kind of comparison, planted slowdown and gate, and a row for all cases together.

    ``style`` is one of ``tabulate``.
    """
    found, cases = dict[tuple[str, ...], Rate](), set[str]()
    for outcome in outcomes:
        cases.add(outcome["case"])
        check, mode = outcome["check"], outcome["mode"]
        mode += ", one core busy" if outcome.get("neighbour") else ""
        kind = (mode, f"{check['planted']:.0%}", f"{check['gate']:.1%}")
        for case in (outcome["case"], ALL):
            found.setdefault((case, *kind), Rate()).add(outcome)
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
    """A sentence on the false alarms that ``benches/bench_gate.py`` counted at this gate in a folder of runs.

    A damaged log is left out.
    """
    alarms = trials = 0
    for log in folder.glob("gate-*.jsonl"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            for line in log.read_text(encoding="utf-8").splitlines():
                outcome = json.loads(line)
                if outcome["check"]["planted"] == 0 and outcome["check"]["gate"] == gate:
                    trials += 1
                    alarms += outcome["verdict"]["kind"] == REGRESSED
    if not trials:
        return "its rate of false alarms on this machine: pytest benches/bench_gate.py --trials 40"
    low, high = binomial_interval(alarms, trials)
    return (
        f"its false alarms on this machine: {alarms} in {trials} comparisons without a change (95 % interval "
        f"{low:.1%} to {high:.1%})"
    )
