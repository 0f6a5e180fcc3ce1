"""Which cases nothing beats: as fast, as exact and as small, and better in one of the three."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from reports.record import Record


def seconds_per_sample(record: Record) -> float:
    assert record.mean_s is not None
    return record.mean_s / record.batch


def error(record: Record) -> float:
    """Share of wrong answers where the case was scored, else the error against fp64."""
    if record.accuracy:
        return 1 - float(record.accuracy["top1"])
    assert record.agreement
    return float(record.agreement["relative_error"])


def memory_bytes(record: Record) -> int:
    assert record.peak_rss_bytes is not None
    return record.peak_rss_bytes


#: By the words of ``--sort``, the best first.
ORDERS: dict[str, Callable[[Record], float]] = {
    "speedup": lambda record: -(record.speedup or {"estimate": 0.0})["estimate"],
    "throughput": seconds_per_sample,
    "error": error,
    "memory": memory_bytes,
    "artifact": lambda record: record.artifact_bytes or 0,
}


def pareto(records: Iterable[Record]) -> set[str]:
    """Ids of the cases that no other case of their model beats, whatever its batch size."""
    measured = [record for record in records if record.status == "ok"]
    return {
        each.id
        for each in measured
        if not any(beats(other, each) for other in measured if alternatives(other, each))
    }


def alternatives(one: Record, other: Record) -> bool:
    """Whether both answer the same question: with copies or without them the clock holds another work."""
    return (one.model, one.transfer) == (other.model, other.transfer)


def beats(one: Record, other: Record) -> bool:
    """Whether ``one`` is nowhere worse than ``other`` and somewhere better."""
    figures = [(figure(one), figure(other)) for figure in (seconds_per_sample, error, memory_bytes)]
    return all(a <= b for a, b in figures) and any(a < b for a, b in figures)


def over_best_batch(records: Sequence[Record], reference: str) -> dict[str, float]:
    """By id, samples a second over those of the reference, on the same device, at *its* best batch size.

    Over the reference at the same batch, or at 1, a large batch looks better than it is. Cases whose
    model has no reference in the run are left out.
    """
    measured = [record for record in records if record.status == "ok"]
    best = dict[tuple[str, str, str], float]()

    def rivals(record: Record) -> tuple[str, str, str]:
        return record.model, record.device, record.transfer

    for record in measured:
        if f"{record.backend}-{record.precision}" == reference and record.compression == "none":
            cost = seconds_per_sample(record)
            best[rivals(record)] = min(cost, best.get(rivals(record), cost))
    return {
        each.id: best[rivals(each)] / seconds_per_sample(each) for each in measured if rivals(each) in best
    }
