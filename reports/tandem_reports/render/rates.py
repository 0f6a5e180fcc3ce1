"""Results of the gate's trials: a row for each kind of comparison."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tandem_reports.records.verdict import INCONCLUSIVE, REGRESSED
from tandem_reports.render.grid import grid

HEADERS = ("case", "against", "planted", "gate", "alarms", "rate", "95 % interval", "undecided", "seconds")


@dataclass
class Rate:
    """The comparisons of one kind."""

    kinds: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def alarms(self) -> int:
        return self.kinds.count(REGRESSED)

    @property
    def interval(self) -> tuple[float, float]:
        return binomial_interval(self.alarms, len(self.kinds))


def binomial_interval(hits: int, trials: int) -> tuple[float, float]:
    """95 % interval of a probability: Clopper and Pearson, "The use of confidence limits", 1934."""
    from scipy.special import betaincinv

    low = betaincinv(hits, trials - hits + 1, 0.025) if hits else 0.0
    high = betaincinv(hits + 1, trials - hits, 0.975) if hits < trials else 1.0
    return float(low), float(high)


def render(outcomes: Iterable[Mapping[str, Any]], style: str = "simple") -> str:
    """A row for each case, kind of comparison, planted slowdown and gate, in a style of ``tabulate``."""
    found: dict[tuple[str, ...], Rate] = {}
    for outcome in outcomes:
        check = outcome["check"]
        kind = (outcome["case"], outcome["mode"], f"{check['planted']:.0%}", f"{check['gate']:.1%}")
        rate = found.setdefault(kind, Rate())
        rate.kinds.append(outcome["verdict"]["kind"])
        rate.seconds.append(outcome["took_s"])
    rows = [row(kind, rate) for kind, rate in found.items()]
    alignment = ("left", "left", *["right"] * 7)
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
        f"{sum(rate.seconds) / count:.1f}",
    )


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
