"""The answer of a run: for each model the case with the quickest call, and that with the most throughput."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tandem_reports.judging.best import Choice, by_latency, by_throughput, choose
from tandem_reports.judging.comparing import against_itself
from tandem_reports.judging.tradeoff import off
from tandem_reports.numbers import scaled
from tandem_reports.records.record import Record
from tandem_reports.render import accuracies
from tandem_reports.render.best import beside
from tandem_reports.render.table import speedup

#: From this error on, only labelled data show what answers are worth.
ROUGH = 0.01


def choices(records: Sequence[Record]) -> list[tuple[Choice, Choice]]:
    """The choice of each model by latency, and by throughput, if any case qualifies.

    None with ``--versus``: the question is then another one, and the verdicts answer it.
    """
    if any(map(against_itself, records)):
        return []
    both = zip(choose(records, [], by_latency), choose(records, [], by_throughput), strict=True)
    return [(quick, wide) for quick, wide in both if quick.qualified]


def sentences(records: Sequence[Record]) -> list[str]:
    """A few sentences for each model with at least two cases that can be chosen."""
    return [" ".join(said(quick, wide)) for quick, wide in choices(records) if len(quick.qualified) > 1]


def said(quick: Choice, wide: Choice) -> Iterable[str]:
    """Sentences on a model, from its cases in the order of latency and in that of throughput."""
    best, most = quick.qualified[0], wide.qualified[0]
    yield f"{quick.title}: the quickest call is {best.id}, {described(best)}."
    yield from doubts(quick.qualified)
    if off(best) > ROUGH and not best.detail("accuracy"):
        yield f"Its answers are {off(best):.0%} off: score them on labelled data, or inspect them, first."
    faster = [each.record for each in quick.excluded if by_latency(each.record) < by_latency(best)]
    if faster:
        yield f"{faster[0].id} is faster, but its answers are noise."
    throughput = f"{scaled(most.number('throughput'), 1)} samples/s"
    if most.id == best.id:
        yield f"It also has the highest throughput, {throughput}."
    else:
        yield f"The highest throughput is that of {most.id}, {throughput}, error {off(most):.1e}."
    if exact := exactest(quick):
        yield f"In fp32 the quickest is {exact.id}, {described(exact)}."
        yield from doubts([each for each in quick.qualified if each.precision == "fp32"])


def doubts(ordered: Sequence[Record]) -> Iterable[str]:
    """A sentence if the intervals do not decide that the first case is quicker than the second."""
    if len(ordered) > 1 and (remark := beside(ordered)):
        exact = (
            f", and its error is only {off(ordered[1]):.1e}" if 2 * off(ordered[1]) < off(ordered[0]) else ""
        )
        yield f"{ordered[1].id} may be as quick: {remark}{exact}."


def exactest(quick: Choice) -> Record | None:
    """The quickest case in fp32, if one of fewer bits is quicker."""
    found = (each for each in quick.qualified if each.precision == "fp32")
    return next(found, None) if quick.qualified[0].precision != "fp32" else None


def caveats(records: Sequence[Record]) -> list[str]:
    """What a reader must know of all answers together."""
    seeded = any(each.status == "ok" and each.weights == "seeded" for each in records)
    words = (
        "These weights are random (seeded): the speeds hold for trained ones, errors and accuracies do not."
    )
    return [words] if seeded else []


def described(record: Record) -> str:
    """Latency, speedup, error and right answers of a case."""
    ratio, interval = record.number("speedup"), speedup(record)[1]
    scored = accuracies.short(record.detail("accuracy"))
    parts = [
        f"{scaled(by_latency(record), 1e3)} ms",
        f"{ratio:.2f} times as fast as {record.detail('reference')} ({interval})"
        if ratio and interval
        else "",
        f"error {off(record):.1e}",
        f"accuracy {scored}" if scored else "",
    ]
    return ", ".join(filter(None, parts))
