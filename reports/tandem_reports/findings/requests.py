"""Rules on whole requests: which step takes the time, and what would help."""

from __future__ import annotations

from collections.abc import Iterator

from tandem_reports.findings.base import VALUES, Finding, Found, alike, ids
from tandem_reports.judging.budget import likeness, parts, shares
from tandem_reports.judging.comparing import faster
from tandem_reports.records.record import Record

#: Steps that prepare the inputs of a network.
PREPARING = ("decode", "preprocess", "tokenize")
#: A network that takes this many times as long inside requests as in a loop is told.
COLDER = 1.1


def budget(run: Found) -> Iterator[Finding]:
    """The largest step, and the most that is left to gain by it: Amdahl's law."""
    for record in run.requests:
        found = shares(record)
        largest = max(found, key=lambda name: found[name], default="")
        if 0 < found.get(largest, 0) < 1:
            yield Finding(
                f"{record.id}: {largest} is {found[largest]:.0%} of a request: even an infinitely fast "
                f"{largest} makes it only {1 / (1 - found[largest]):.1f} times as fast.",
                ids(record),
                confidence=VALUES,
            )


def prepared_otherwise(run: Found) -> Iterator[Finding]:
    """The quickest way to prepare the same samples, what it gains, and what it changes."""
    for group in alike(run.requests, "preprocessor"):
        ordered = sorted(group, key=preparing_s)
        quickest, slowest = ordered[0], ordered[-1]
        if ends(quickest)[1] >= ends(slowest)[0]:
            continue
        times = ", ".join(f"{each.case['preprocessor']} {preparing_s(each) * 1e3:.3g}" for each in ordered)
        gain = faster(quickest, slowest)
        whole = f" A whole request is {gain:.2f} times as fast." if gain else ""
        yield Finding(
            f"{quickest.id}: {quickest.case['preprocessor']} is the quickest way to prepare a batch: "
            f"milliseconds are {times}{_changed(quickest)}.{whole}",
            ids(*ordered),
        )


def slow_samples(run: Found) -> Iterator[Finding]:
    """Samples that take far longer than most."""
    for record in run.requests:
        if slow := record.detail("slow"):
            yield Finding(
                f"{record.id}: {', '.join(slow['samples'])} takes {slow['times']:.0f} times as long as most "
                f"({slow['seconds'] * 1e3:.3g} ms), in {slow['step']}.",
                ids(record),
                "Look at these samples: they are the tail of the latency.",
                VALUES,
            )


def colder(run: Found) -> Iterator[Finding]:
    """A network that is slower between the other steps than in a loop of its own."""
    for record in run.requests:
        inside, alone = record.figure("infer"), record.figure("infer_alone")
        if not inside or not alone or inside.low is None or not alone.high:
            continue
        if inside.low > COLDER * alone.high:
            yield Finding(
                f"{record.id}: the network takes {inside.value / alone.value:.2f} times as long inside a "
                f"request as in a loop: other steps empty its caches, other libraries' threads meet its own.",
                ids(record),
                "Trust the latency of a request; try another way to preprocess.",
            )


def preparing_s(record: Record) -> float:
    """Seconds of the steps before the network."""
    return sum(value for name, value in parts(record).items() if name in PREPARING)


def ends(record: Record) -> tuple[float, float]:
    """The ends of the interval of those seconds; none of a step without an interval."""
    steps = [each for name in PREPARING if (each := record.figure(name))]
    return sum(each.low or each.value for each in steps), sum(each.high or each.value for each in steps)


def _changed(record: Record) -> str:
    """What the way to prepare changes, in words; empty for the model's own."""
    scored = record.detail("accuracy")
    words = [likeness(record)]
    if scored:
        words.append(f"top-1 {scored['top1']:.1%}, by the reference {scored['reference_top1']:.1%}")
    return f" ({', '.join(filter(None, words))})" if any(words) else ""
