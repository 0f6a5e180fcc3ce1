"""Rules on what more of something brings: samples in a batch, threads."""

from __future__ import annotations

from collections.abc import Iterator

from tandem_reports.findings.base import NO_GAIN, Finding, Found, alike, ids, subject
from tandem_reports.findings.speed import STEADY
from tandem_reports.judging.best import by_latency, by_throughput
from tandem_reports.judging.comparing import quicker
from tandem_reports.judging.curves import KNEE, curves

#: A batch size that multiplies the latency by more than this is told, if it gains at all.
LONGER = 2.0


def batching(run: Found) -> Iterator[Finding]:
    """A batch that raises throughput, and the latency that it costs."""
    for series in run.series():
        small, large = series[0], min(series, key=by_throughput)
        gain = quicker(small, large)
        if small is large or not gain:
            continue
        more, longer = large.batch / small.batch * gain[0], 1 / gain[1]
        if more > NO_GAIN and longer > LONGER:
            yield Finding(
                f"{subject(small)}: batch {large.batch} gives at least {more:.2f} times the samples a second "
                f"of batch {small.batch}, and a call takes at least {longer:.1f} times as long "
                f"({by_latency(large) * 1e3:.3g} ms).",
                ids(small, large),
                "Batch only if your latency limit allows it.",
            )


def knees(run: Found) -> Iterator[Finding]:
    """The batch size from which twice the batch is hardly more work a second.

    A throughput that falls there is another finding: see ``falling_throughput``.
    """
    for curve in curves(run.timed, "batch"):
        knee = None if curve.contended else curve.knee()
        falls = knee and curve.work(curve.points[-1]) < STEADY * curve.work(knee)
        if knee and not falls and curve.decided(knee):
            yield Finding(
                f"{subject(knee)}: from batch {knee.batch} on, twice the batch brings less than {KNEE:.0%} "
                f"more samples a second.",
                ids(*curve.points),
                f"A batch above {knee.batch} only makes each call longer.",
            )


def threads_in_vain(run: Found) -> Iterator[Finding]:
    """More threads that make nothing faster."""
    pinned = [each for each in run.timed if each.case.get("threads")]
    for group in alike(pinned, "threads"):
        ordered = sorted(group, key=lambda each: int(each.case["threads"]))
        fewest, most = ordered[0], ordered[-1]
        gain = quicker(fewest, most)
        if fewest is not most and gain and gain[1] < NO_GAIN:
            yield Finding(
                f"{most.id}: {most.case['threads']} threads are at most {gain[1]:.2f} times as fast as "
                f"{fewest.case['threads']}.",
                ids(fewest, most),
                f"Give it {fewest.case['threads']}, and the other cores to other requests.",
            )
