"""Levels of load in records, and what marks them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tandem_reports.records.record import Record

#: Reasons to doubt a level, by the mark in it.
DOUBTS = {
    "late": "queries came late",
    "greedy": "the generator took cores",
}
#: With more arrivals than a service can answer, a latency says nothing of another run.
ENDLESS = "p99 grows with the length of the run"


@dataclass(frozen=True, slots=True)
class Level:
    """A case at one rate of arrivals, or in a scenario without one."""

    record: Record
    told: Mapping[str, Any]

    @property
    def rate(self) -> float | None:
        """Queries a second; None if they come one after another, or all at once."""
        return self.told.get("rate")

    @property
    def utilisation(self) -> float | None:
        return self.told.get("utilisation")

    def seconds(self, name: str) -> float | None:
        """A percentile such as ``p99``; None if there are too few queries for it."""
        found = self.told.get(name)
        return float(found["value"]) if found else None

    def interval(self, name: str) -> tuple[float, float] | None:
        found = self.told.get(name)
        return (found["low"], found["high"]) if found else None

    def foretold(self, name: str) -> float | None:
        """A percentile that the queue foretold for the arrivals of the run; None without a prediction."""
        found = self.told.get("predicted")
        return float(found[f"here_{name}_s"]) if found else None

    @property
    def mean_batch(self) -> float:
        """Mean size of the batches."""
        sizes = {int(size): count for size, count in self.told["batches"].items()}
        return float(sum(size * count for size, count in sizes.items()) / sum(sizes.values()))

    @property
    def doubts(self) -> list[str]:
        found = [words for mark, words in DOUBTS.items() if self.told.get(mark)]
        return [*found, *([ENDLESS] if (self.utilisation or 0) >= 1 else [])]

    @property
    def verdict(self) -> str:
        """LoadGen's verdicts over processes, or if the bound held."""
        held, valid = self.told.get("held"), self.told["valid"]
        if held is not None:
            return "held" if all(held) else "over" if not any(held) else f"held {sum(held)} of {len(held)}"
        return (
            "valid" if all(valid) else "invalid" if not any(valid) else f"valid {sum(valid)} of {len(valid)}"
        )


def levels(record: Record) -> Sequence[Level]:
    """The levels of a case; none of a case that was not under load."""
    return [Level(record, told) for told in record.detail("levels", ())]


def under_load(records: Sequence[Record]) -> Iterator[Level]:
    for record in records:
        yield from levels(record)
