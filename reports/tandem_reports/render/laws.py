"""Table of queues: their closed forms beside their simulations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tandem_reports.numbers import scaled
from tandem_reports.render.grid import grid

HEADERS = (
    "queue",
    "rate/s",
    "busy",
    "mean wait ms",
    "simulated",
    "p50 ms",
    "simulated",
    "p99 ms",
    "simulated",
)


@dataclass(frozen=True, slots=True)
class Beside:
    """A queue: its mean wait, median and 99th percentile in seconds, in closed form and simulated.

    A percentile is None if it has no closed form.
    """

    name: str
    assumes: str
    rate: float
    utilisation: float
    closed_s: Sequence[float | None]
    simulated_s: Sequence[float]

    @property
    def apart(self) -> float:
        """Largest distance of the simulation from the closed form, as a share."""
        pairs = zip(self.closed_s, self.simulated_s, strict=True)
        return max(abs(there / known - 1) for known, there in pairs if known)


def render(found: Sequence[Beside]) -> str:
    """The table, and what each queue assumes."""
    rows = [
        [
            each.name,
            scaled(each.rate, 1),
            f"{each.utilisation:.0%}",
            *(scaled(one, 1e3) for pair in zip(each.closed_s, each.simulated_s, strict=True) for one in pair),
        ]
        for each in found
    ]
    table = grid(rows, HEADERS, "simple", ("left", *["right"] * (len(HEADERS) - 1)))
    return "\n".join([table, "", *(f"{each.name}: {each.assumes}" for each in found)])
