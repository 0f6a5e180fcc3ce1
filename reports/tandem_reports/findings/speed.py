"""Rules on speed: what a precision, a runtime or a batch size brings, and why."""

from __future__ import annotations

from collections.abc import Iterator

from tandem_reports.findings.base import NO_GAIN, VALUES, Finding, Found, ids, network, subject
from tandem_reports.judging import page_faults
from tandem_reports.judging.comparing import at_most, faster, quicker, ratio
from tandem_reports.records.record import Record

#: Instruction sets that multiply in a precision, by its name's beginning.
INSTRUCTIONS = {
    "int8": {"avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm"},
    "bf16": {"avx512_bf16", "amx_bf16", "bf16"},
    "fp16": {"avx512_fp16"},
}
#: A throughput that falls by less is steady.
STEADY = 0.9
#: From this share of its roof on, a case has little left to gain; and what the bounds of a roof are.
NEAR = 0.8
LIMITS = {"compute": "the multiplications", "memory": "the memory"}
#: Precisions below which there is none.
FEWEST_BITS = ("int8", "int4", "fp8")
#: Percentiles that are this many times the median show jitter.
JITTER = 2.0


def quantised_batches(run: Found) -> Iterator[Finding]:
    """Integers that are slower for one sample and faster for many."""
    series = [each for each in run.series() if each[0].precision.startswith("int8")]
    for integers in series:
        small, large = integers[0], integers[-1]
        low, high = _beside(run, small, "fp32"), _beside(run, large, "fp32")
        if low and high and (slow := faster(low, small)) and (quick := faster(large, high)):
            yield Finding(
                f"{subject(small)}: slower than fp32 at batch {small.batch} "
                f"({1 / slow:.2f}x), faster at batch {large.batch} ({quick:.2f}x). A part of the cost is the "
                "same for each call, probably quantising the activations.",
                ids(small, low, large, high),
                "Batch requests, or keep fp32 for single ones.",
            )


def without_gain(run: Found) -> Iterator[Finding]:
    """A lower precision that buys nothing here."""
    for lower, full in run.pairs():
        same = lower.backend == full.backend and lower.compression == full.compression
        if not same or full.precision != "fp32" or lower.precision in ("fp32", "fp64", "tf32"):
            continue
        gain = at_most(lower, full)
        if gain is not None and gain < NO_GAIN:
            yield Finding(
                f"{network(lower)}: {lower.precision} is at most {gain:.2f} times as fast "
                f"as fp32 in {lower.backend}{_no_instructions(run, lower)}.",
                ids(lower, full),
                "Stay with fp32 there.",
            )


def graph_runtime(run: Found) -> Iterator[Finding]:
    """A runtime that gains with the graph alone: precision and work are those of the eager reference.

    It is silent if one of the two pays for page faults: then a part of the gain is the allocator's.
    """
    for record in run.timed:
        gain = ratio(record) if record.detail("reference") == "eager-fp32" else None
        same = record.precision == "fp32" and record.compression == "none" and record.backend != "eager"
        if gain and same and (gain.low or 0.0) > 1 and not page_faults.words(record):
            yield Finding(
                f"{network(record)}: {record.backend} is {gain.value:.2f} times as fast "
                "as eager in the same precision. The gain comes from the runtime (fused operators, other "
                "kernels, less overhead), not from fewer bits.",
                ids(record),
            )


def tensorrt(run: Found) -> Iterator[Finding]:
    """TensorRT that is slower than ONNX Runtime's own kernels on the same GPU."""
    for plain, built in run.pairs():
        same = (plain.precision, plain.compression) == (built.precision, built.compression)
        runtimes = plain.backend == "onnxruntime" and "tensorrt" in built.backend
        if same and runtimes and (gain := faster(plain, built)):
            yield Finding(
                f"{network(plain)}: ONNX Runtime's CUDA provider is {gain:.2f} times as "
                f"fast as {built.backend} in {plain.precision}.",
                ids(plain, built),
                "Look for nodes outside the engine, or for shapes that it was not built for.",
            )


def scripting(run: Found) -> Iterator[Finding]:
    """TorchScript that changes nothing."""
    for record in run.timed:
        found = ratio(record) if record.backend == "torchscript" and record.precision == "fp32" else None
        if found and 1 / NO_GAIN < (found.low or 0.0) <= 1 <= (found.high or 0.0) < NO_GAIN:
            yield Finding(
                f"{network(record)}: TorchScript changes nothing "
                f"({found.low:.2f} to {found.high:.2f} times eager).",
                ids(record),
                "Keep the module, or try a graph runtime.",
            )


def falling_throughput(run: Found) -> Iterator[Finding]:
    """Throughput that falls beyond a batch size."""
    for series in run.series():
        best = max(series, key=_throughput)
        last = series[-1]
        slower = quicker(best, last)
        if last.batch > best.batch and slower and last.batch / best.batch * slower[1] < STEADY:
            yield Finding(
                f"{subject(best)}: its highest throughput at batch {best.batch} "
                f"({_throughput(best):.3g} samples/s; {_throughput(last):.3g} at batch {last.batch}).",
                ids(best, last),
                f"Do not batch beyond {best.batch}.",
            )


def near_roof(run: Found) -> Iterator[Finding]:
    """A case near the most that this machine can do in its precision."""
    for record in run.timed:
        share, roof = record.number("of_roof"), record.detail("roof")
        if share and roof and share > NEAR and not record.contended:
            fewer = "" if record.precision.startswith(FEWEST_BITS) else "fewer bits, "
            yield Finding(
                f"{record.id} reaches {share:.0%} of what this machine can do in {record.precision} (its "
                f"limit is {LIMITS[roof['bound']]}).",
                ids(record),
                f"Another runtime can be at most {1 / share:.2f} times as fast. More needs {fewer}a smaller "
                "network or another machine.",
                VALUES,
            )


def jitter(run: Found) -> Iterator[Finding]:
    """A high percentile far above the median."""
    for record in run.timed:
        median = record.number("p50")
        for name in ("p99", "p95"):
            high = record.number(name)
            if median and high and high > JITTER * median:
                tail = record.detail("tail", {})
                taken = tail.get("percentiles") and float(tail["contention"]) > 1 - STEADY
                others = record.contended or taken
                cause = "others held the cores" if others else "no others were seen on the cores"
                yield Finding(
                    f"{record.id}: {name} is {high / median:.1f} times p50 ({high * 1e3:.3g} ms): {cause}.",
                    ids(record),
                    "Measure again on an idle machine." if others else "Look at --profiler.",
                    VALUES,
                )
                break


def two_speeds(run: Found) -> Iterator[Finding]:
    """Processes of two kinds, of which a user's own will be one."""
    for record in run.timed:
        if told := record.detail("speeds"):
            share, times = told["share"], (told["fast_s"] * 1e3, told["slow_s"] * 1e3)
            faults = page_faults.words(record)
            yield Finding(
                f"{record.id} has two speeds, {times[0]:.3g} and {times[1]:.3g} ms: {share:.0%} of its "
                f"{told['processes']} processes, in this run and the saved ones, got the slow one.",
                ids(record),
                f"{faults[0][0].upper()}{faults[0][1:]}."
                if faults
                else "A process of yours will get one of them.",
            )
        if told := record.detail("speeds_within"):
            yield Finding(
                f"{record.id} changes its speed within a process, between {told['fast_s'] * 1e3:.3g} and "
                f"{told['slow_s'] * 1e3:.3g} ms: {told['share']:.0%} of its calls are slow.",
                ids(record),
                "Look at --profiler, and at what else runs on the machine.",
                VALUES,
            )


def _throughput(record: Record) -> float:
    return record.number("throughput") or 0.0


def _beside(run: Found, record: Record, precision: str) -> Record | None:
    """The case that differs from this one in its precision alone."""
    return next(
        (
            other
            for one, other in run.pairs()
            if one is record
            and (other.backend, other.compression) == (record.backend, record.compression)
            and other.precision == precision
        ),
        None,
    )


def _no_instructions(run: Found, record: Record) -> str:
    """Words on a processor that has no instructions for the precision; empty otherwise."""
    wanted = next((sets for name, sets in INSTRUCTIONS.items() if record.precision.startswith(name)), set())
    if record.device != "cpu" or not wanted or wanted & set(run.machine.get("isa", ())):
        return ""
    return ": this processor has no instructions for it"
