"""Levels of load in records, and what marks them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tandem_reports.numbers import duration
from tandem_reports.queueing.capacity import Capacity, Wanted, needed, times_of
from tandem_reports.queueing.simulation import Policy
from tandem_reports.records.record import Record

#: Reasons to doubt a level, by the mark in it.
DOUBTS = {
    "contended": "others held the cores",
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
        found = self.told.get("predicted", {}).get(f"here_{name}_s")
        return None if found is None else float(found)

    @property
    def mean_batch(self) -> float:
        """Mean size of the batches."""
        sizes = {int(size): count for size, count in self.told["batches"].items()}
        return float(sum(size * count for size, count in sizes.items()) / sum(sizes.values()))

    @property
    def doubts(self) -> list[str]:
        found = [words for mark, words in DOUBTS.items() if self.told.get(mark)]
        endless = (self.utilisation or 0) >= 1 and not self.told["lost"]
        return [*found, *([ENDLESS] if endless else [])]

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


def served(record: Record) -> bool:
    """True if the record has times of service."""
    return record.status == "ok" and bool(record.detail("service"))


def policy(record: Record) -> Policy:
    """The batching of a service."""
    words = record.detail("traffic", {}).get("batching", "none")
    most, _, wait = words.partition("@")
    return Policy(most=int(most), wait_s=duration(wait)) if wait else Policy()


def needed_by(record: Record, wanted: Wanted) -> Capacity:
    """The services that hold what is wanted, by the times of service in a record.

    The model of the queue is as wrong as it was at the levels of load that were measured. Raises
    ``ModuleNotFoundError`` without SimPy.
    """
    name = f"p{wanted.percent}"
    kept = [level for level in levels(record) if level.utilisation and not level.told["contended"]]
    pairs = [(level.seconds(name), level.foretold(name)) for level in kept]
    errors = [measured / there for measured, there in pairs if measured and there]
    return needed(times_of(record.detail("service")), policy(record), wanted, errors)


def under_load(records: Sequence[Record]) -> Iterator[Level]:
    for record in records:
        yield from levels(record)
