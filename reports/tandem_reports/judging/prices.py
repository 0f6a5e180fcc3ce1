"""What a case costs on each machine of a run over several: the cheapest one that holds its limits."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tandem_reports.judging.best import Exclusion, Order, by_throughput
from tandem_reports.numbers import not_negative
from tandem_reports.records.record import Record

HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Prices:
    """The price of an hour of each machine, in any currency; a machine without one is no choice."""

    hourly: Mapping[str, float]

    def excludes(self, record: Record) -> Exclusion | None:
        if record.machine in self.hourly:
            return None
        return Exclusion(
            record, f"--price {record.machine}=0.12/h tells it", "its price is unknown", math.inf
        )

    def order(self, order: Order) -> Callable[[Record], tuple[float, float]]:
        """The cheapest machine first, and there the best; by throughput, the cheapest sample first."""
        if order is by_throughput:
            return lambda record: (self.of_samples(record, 1), order(record))
        return lambda record: (self.hourly.get(record.machine, math.inf), order(record))

    def of_samples(self, record: Record, count: int) -> float:
        """The price of so many samples at the throughput of the case."""
        a_second = record.number("throughput")
        return self.hourly.get(record.machine, math.inf) / HOUR_S / a_second * count if a_second else math.inf


def read(words: Iterable[str], records: Iterable[Record]) -> Prices | None:
    """The prices of ``NAME=0.12/h``; None without any.

    Raises ``ValueError`` for other words, and for a machine that the run does not have.
    """
    machines, hourly = {record.machine for record in records} - {""}, dict[str, float]()
    for each in words:
        found = re.fullmatch(r"(.+)=\s*([0-9.]+)\s*/h", each)
        if not found:
            raise ValueError(f"--price: {each!r} is not a machine and its price an hour, such as xeon=0.12/h")
        if found[1] not in machines:
            known = ", ".join(sorted(machines)) or "none, as it did not run with --fleet"
            raise ValueError(f"--price: the run has no machine {found[1]!r}; it has {known}")
        try:
            hourly[found[1]] = not_negative(found[2])
        except argparse.ArgumentTypeError as error:
            raise ValueError(f"--price {each}: {error}") from error
    return Prices(hourly) if hourly else None
