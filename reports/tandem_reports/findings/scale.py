"""Rules on what more of something brings: samples in a batch, threads."""

from __future__ import annotations

from collections.abc import Iterator

from tandem_reports.findings.base import NO_GAIN, Finding, Found, alike, ids
from tandem_reports.records.record import Record

#: A batch size that multiplies the latency by more than this is told, if it gains at all.
LONGER = 2.0


def batching(run: Found) -> Iterator[Finding]:
    """A batch that raises throughput, and the latency that it costs."""
    for series in run.series():
        small, large = series[0], max(series, key=lambda each: each.number("throughput") or 0.0)
        gain = _ratio(small, large)
        if small is large or not gain:
            continue
        more, longer = large.batch / small.batch * gain[0], 1 / gain[1]
        if more > NO_GAIN and longer > LONGER:
            yield Finding(
                f"{small.name} in {small.backend}, {small.precision}: batch {large.batch} gives at least "
                f"{more:.2f} times the samples a second of batch {small.batch}, and a call takes at least "
                f"{longer:.1f} times as long ({_milliseconds(large)} ms).",
                ids(small, large),
                "Batch only if a request may take that long.",
            )


def threads_in_vain(run: Found) -> Iterator[Finding]:
    """More threads that make nothing faster."""
    pinned = [each for each in run.timed if each.case.get("threads")]
    for group in alike(pinned, "threads"):
        ordered = sorted(group, key=lambda each: int(each.case["threads"]))
        fewest, most = ordered[0], ordered[-1]
        gain = _ratio(fewest, most)
        if fewest is not most and gain and gain[1] < NO_GAIN:
            yield Finding(
                f"{most.id}: {most.case['threads']} threads are at most {gain[1]:.2f} times as fast as "
                f"{fewest.case['threads']}.",
                ids(fewest, most),
                f"Give it {fewest.case['threads']}, and the other cores to other requests.",
            )


def _ratio(one: Record, other: Record) -> tuple[float, float] | None:
    """How many times as fast a call of the other one is, at least and at most.

    By the far ends of the intervals of their costs, which are in units of one yardstick.
    """
    first, second = one.figure("cost"), other.figure("cost")
    if not first or not second or None in (first.low, first.high, second.low, second.high):
        return None
    return (first.low or 0.0) / (second.high or 1.0), (first.high or 0.0) / (second.low or 1.0)


def _milliseconds(record: Record) -> str:
    return f"{(record.number('p50') or record.number('mean') or 0.0) * 1e3:.3g}"
