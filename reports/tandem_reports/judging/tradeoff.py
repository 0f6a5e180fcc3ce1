"""Choice of cases. One case beats another if it is as fast, as exact and as small, and better in one of them.

One of two figures states the error of a case. A comparison takes the same figure for both cases:

- the share of wrong answers, if both were scored on the same labelled data: exactness serves right answers;
- otherwise the error ``off`` against the answers of the whole network in fp64. A compressed network is
  checked against its own fp64, so the error of compression is added to that: the two errors are
  independent, so their squares add up.

A case whose answers are noise is no choice, however fast it is, and beats no other case.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from tandem_reports.records.record import Record

#: Half of the signal. Agreement refuses a quantised network at the same limit (``tandem.answers.agreement``).
#: A compressed network is checked only against itself, so it arrives here whatever it answers.
MOST_OFF = 0.5
#: Largest loss of right answers, as a share of all samples: a case that certainly lost more is no choice.
MOST_LOST = 0.1


def is_choice(record: Record) -> bool:
    """True for a timed case that a user can choose by its speed, whatever the scenario."""
    return record.status == "ok" and record.number("throughput") is not None


def seconds_per_sample(record: Record) -> float:
    mean_s = record.number("mean")
    assert mean_s is not None
    return mean_s / record.batch


def off(record: Record) -> float:
    """RMSE from the whole network's answers in fp64, divided by their RMS; infinite if it is NaN."""
    assert record.agreement
    distance = float(record.detail("network", {}).get("distance", 0.0))
    error = math.hypot(float(record.agreement["relative_error"]), distance)
    return math.inf if math.isnan(error) else error


def wrong(record: Record) -> float:
    """Share of wrong answers of a case that was scored."""
    return 1 - float(record.detail("accuracy")["top1"])


def error(records: Iterable[Record]) -> Callable[[Record], float]:
    """Error for a comparison of all records: ``wrong`` if they were scored on the same data, else ``off``."""
    data = {_data(record) for record in records}
    return wrong if len(data) == 1 and None not in data else off


def _data(record: Record) -> tuple[object, object] | None:
    """Data set that a case was scored on, and number of its samples; None if it was not scored."""
    scored = record.detail("accuracy")
    return (scored.get("dataset"), scored.get("n")) if scored else None


def is_noise(record: Record) -> bool:
    """True if the answers are worthless: by labelled data if the case was scored, else by its error."""
    if scored := record.detail("accuracy"):
        return float(scored.get("high", 0.0)) < -MOST_LOST
    return off(record) > MOST_OFF


def memory_bytes(record: Record) -> float:
    found = record.number("peak_rss")
    assert found is not None
    return found


#: Values of ``--sort``.
ORDERS = ("speedup", "throughput", "error", "memory", "artifact")


def ordered(records: Sequence[Record], order: str) -> list[Record]:
    """Timed cases, sorted by one of ``ORDERS``, the best first."""
    figures: dict[str, Callable[[Record], float]] = {
        "speedup": lambda record: -(record.number("speedup") or 0.0),
        "throughput": seconds_per_sample,
        "error": error(records),
        "memory": memory_bytes,
        "artifact": lambda record: record.number("artifact") or 0.0,
    }
    return sorted(records, key=figures[order])


def pareto(records: Iterable[Record]) -> set[str]:
    """Ids of the cases that no other case of their model beats, whatever its batch size."""
    measured = [record for record in records if record.status == "ok" and not is_noise(record)]
    return {
        each.id
        for each in measured
        if not any(beats(other, each) for other in measured if alternatives(other, each))
    }


#: Axes of a case that change the work of a call on one sample.
SIZES = ("side", "size")
#: Fields of a case whose values are not compared with each other: sizes, and machines.
APART = (*SIZES, "machine")


def work(record: Record, apart: Iterable[str] = APART) -> tuple[object, ...]:
    """Equal for cases that do the same work: question, model, copies, and the fields that stay ``apart``."""
    return (record.scenario, record.model, record.transfer, *(record.case.get(name) for name in apart))


def alternatives(one: Record, other: Record) -> bool:
    """True if a user can choose between the two."""
    return work(one) == work(other)


def beats(one: Record, other: Record) -> bool:
    """True if ``one`` is nowhere worse than ``other`` and somewhere better."""
    how = (seconds_per_sample, error([one, other]), memory_bytes)
    figures = [(figure(one), figure(other)) for figure in how]
    return all(a <= b for a, b in figures) and any(a < b for a, b in figures)


def over_best_batch(records: Sequence[Record], reference: str) -> dict[str, float]:
    """Throughput divided by that of the reference on the same device at *its* best batch size, by case id.

    Against the reference at the same batch size, or at 1, a large batch looks better than it is. Cases
    whose model has no reference in the run are left out.
    """
    measured = [record for record in records if record.status == "ok"]
    best = dict[tuple[object, ...], float]()

    def rivals(record: Record) -> tuple[object, ...]:
        return (record.device, *work(record))

    for record in measured:
        if f"{record.backend}-{record.precision}" == reference and record.compression == "none":
            cost = seconds_per_sample(record)
            best[rivals(record)] = min(cost, best.get(rivals(record), cost))
    return {
        each.id: best[rivals(each)] / seconds_per_sample(each) for each in measured if rivals(each) in best
    }
