"""Rules on what a case costs: building, memory, compression, and answers that were refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tandem_reports.findings.base import AGREEMENT, NO_GAIN, VALUES, Finding, Found, ids, network, subject
from tandem_reports.judging.comparing import at_most, ratio

#: Calls within which the time of a build should be won back.
CALLS = 100_000
#: Batch sizes that show whether memory grows with the batch, and the share of it that must be explained.
POINTS, EXPLAINED = 3, 0.98


def unpaid_build(run: Found) -> Iterator[Finding]:
    """A build that many calls do not win back."""
    for record in run.timed:
        gain, build_s, call_s = ratio(record), record.number("build"), record.number("mean")
        own = record.detail("reference", "").startswith(f"{record.backend}-")
        if not gain or not build_s or not call_s or own:
            continue
        if (gain.high or 0.0) < 1:
            yield Finding(
                f"{record.id}: {build_s:.3g} s of building are never won back, as its reference is faster.",
                ids(record),
            )
        elif (gain.low or 0.0) > 1:
            calls = build_s / (call_s * (gain.value - 1))
            if calls > CALLS:
                yield Finding(
                    f"{record.id}: {calls:,.0f} calls win back {build_s:.3g} s of building.",
                    ids(record),
                    "Keep the artifact, or do not build for short-lived processes.",
                    VALUES,
                )


def memory_of_a_sample(run: Found) -> Iterator[Finding]:
    """Memory that grows with the batch by a constant amount."""
    for series in run.series(run.records):
        peaks = (each.number("peak_rss") or each.number("peak") for each in series)
        points = [(each.batch, peak) for each, peak in zip(series, peaks, strict=True) if peak is not None]
        if len(points) < POINTS:
            continue
        middle = sum(batch for batch, _ in points) / len(points)
        mean = sum(peak for _, peak in points) / len(points)
        spread = sum((batch - middle) ** 2 for batch, _ in points)
        slope = sum((batch - middle) * (peak - mean) for batch, peak in points) / spread
        total = sum((peak - mean) ** 2 for _, peak in points)
        if slope > 0 and total and slope**2 * spread / total > EXPLAINED:
            first = series[0]
            yield Finding(
                f"{subject(first)}: each further sample of a batch takes {slope / 1e6:.3g} MB "
                f"(batch {points[0][0]} to {points[-1][0]}).",
                ids(*series),
                confidence=VALUES,
            )


def pruned_in_vain(run: Found) -> Iterator[Finding]:
    """Compression that made nothing faster."""
    for pruned, whole in run.pairs():
        same = (pruned.backend, pruned.precision) == (whole.backend, whole.precision)
        if not same or whole.compression != "none" or pruned.compression == "none":
            continue
        gain = at_most(pruned, whole)
        if gain is not None and gain < NO_GAIN:
            zeros = pruned.detail("network", {}).get("zeros", 0)
            why = ": its zeros are stored and multiplied like other weights" if zeros else ""
            yield Finding(
                f"{network(pruned)}: {pruned.compression} is at most {gain:.2f} times as "
                f"fast as the whole network in {pruned.backend}, {pruned.precision}{why}.",
                ids(pruned, whole),
                "Prune channels, or use a runtime with sparse kernels." if zeros else "",
            )


def refused(run: Found) -> Iterator[Finding]:
    """Cases that answer wrongly: their speed was not measured."""
    for record in run.records:
        found = re.search(r"error ([0-9.e+-]+), limit ([0-9.e+-]+)", record.outcome)
        if record.status == "failed" and record.outcome.startswith("Disagreement") and found:
            yield Finding(
                f"{record.id} is refused: its error of {found[1]} is above the limit of {found[2]}. "
                "It has no latency.",
                ids(record),
                ""
                if record.precision == "fp32"
                else "Give --calibration inputs of your own, or another precision.",
                AGREEMENT,
            )


def leaking(run: Found) -> Iterator[Finding]:
    """Memory that grows from call to call: the test failed with the same words."""
    for record in run.records:
        if record.detail("leaks") and record.outcome:
            yield Finding(
                f"{record.outcome}.",
                ids(record),
                "Restart such a process from time to time, or look for what keeps its outputs.",
                VALUES,
            )
