"""The summary as a table: a row a case, the columns a decision is made on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tabulate import tabulate

from reports.record import Record
from reports.render import accuracies

HEADERS = ("case", "p50 ms", "p90 ms", "p99 ms", "device p50 ms", "samples/s", "speedup", "95 % interval",
           "error", "accuracy", "peak MB", "VRAM MB", "J/sample", "artifact MB", "build s",
           "notes")  # fmt: skip
#: Columns that are left out where no record fills them.
OPTIONAL = ("device p50 ms", "accuracy", "VRAM MB", "J/sample")
#: Of the time: where others had the cores for longer, a ratio tells of them.
TAKEN = 0.5
#: Ends of intervals above this tell nothing but that.
WIDE = 1_000
#: Below this share of converted multiply-adds the name of a precision promises too much.
MOSTLY = 0.9
#: From this share of zeros on a network counts as sparse.
SPARSE = 0.05


def render(records: Iterable[Record], style: str = "simple") -> str:
    """The records that are ``ok``, in a style of ``tabulate``."""
    records = list(records)
    whole = [row(record) for record in records if record.status == "ok"]
    if not whole:
        return empty(records)
    kept = [
        column
        for column, header in enumerate(HEADERS)
        if header not in OPTIONAL or any(cells[column] for cells in whole)
    ]
    headers, *rows = [[cells[column] for column in kept] for cells in (HEADERS, *whole)]
    alignment = ("left", *["right"] * (len(headers) - 2), "left")
    return tabulate(rows, headers, tablefmt=style, colalign=alignment, disable_numparse=True)


def empty(records: Iterable[Record]) -> str:
    """What stands in place of a table: how many cases there were, and what became of them."""
    counts = Counter(record.status for record in records)
    found = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    return f"no case was timed{found and f': {found}'}"


def row(record: Record) -> Sequence[str]:
    agreement = record.agreement or {}
    return (
        record.id,
        scaled(record.p50_s, 1e3),
        scaled(record.p90_s, 1e3),
        scaled(record.p99_s, 1e3),
        scaled(record.device_p50_s, 1e3),
        scaled(record.throughput_per_s, 1),
        *speedup(record),
        f"{agreement['relative_error']:.1e}",
        accuracies.short(record.accuracy),
        scaled(record.peak_rss_bytes, 1e-6),
        scaled((record.gpu or {}).get("vram_bytes"), 1e-6),
        scaled(record.energy_j_per_sample, 1),
        scaled(record.artifact_bytes, 1e-6),
        scaled(record.build_s, 1),
        notes(record),
    )


def speedup(record: Record) -> tuple[str, str]:
    """The speedup and its interval; empty where it would tell of others more than of the case."""
    found = record.speedup
    if not found or (record.contention or 0) > TAKEN:
        return "", ""
    low, high = found["low"], found["high"]
    return f"{found['estimate']:.2f}x", f"{low:.2f} – {high:.2f}" if high < WIDE else f"above {low:.2f}"


def notes(record: Record) -> str:
    """What a reader must know before they trust the row."""
    found = []
    if record.contended and record.contention is not None:
        told = f"contended: the cores were taken for {record.contention:.0%} of the time by others"
        found.append(told + (", too much to tell a speedup" if record.contention > TAKEN else ""))
    total = sum(record.placement.values())
    strays = {device: nodes for device, nodes in record.placement.items() if device != record.device}
    found += [f"{nodes} of {total} nodes run on {device}" for device, nodes in strays.items()]
    if record.gpu and record.gpu["throttled"]:
        reasons = ", ".join(record.gpu["throttle_reasons"])
        found.append(f"throttled in {record.gpu['throttled']:.0%} of turns ({reasons})")
    if record.converted is not None and record.converted < MOSTLY:
        found.append(f"{record.converted:.0%} of multiply-adds in {record.precision}")
    if record.graphed:
        found.append("CUDA graph")
    if record.speedup and record.speedup["over"] == "rounds":
        found.append("interval within one process only")
    if record.compression != "none":
        found.append(compressed(record))
    return "; ".join(found)


def compressed(record: Record) -> str:
    """What compression left of the network, and what it cannot bring."""
    network = record.network
    off = f"answers {network['distance']:.0%} off those of the whole network"
    size = f"{network['bytes'] / 1e6:.3g} MB, deflated {network['deflated_bytes'] / 1e6:.3g}"
    if network["zeros"] < SPARSE * network["parameters"]:
        return f"{off}; {network['parameters'] / 1e6:.3g} M parameters, {size}"
    zeros = f"{network['zeros'] / network['parameters']:.0%} of weights are zero"
    return f"{off}; {zeros}, but stored and multiplied like others: smaller only when deflated ({size})"


def scaled(value: float | None, scale: float) -> str:
    """Three digits that count; empty where there is no value."""
    if value is None:
        return ""
    rounded = float(f"{value * scale:.3g}")
    return f"{rounded:.0f}" if rounded.is_integer() else f"{rounded}"


def references(records: Iterable[Record], usual: str) -> str:
    """What the speedups are over: a file that the usual reference cannot run has one of its own."""
    return " and ".join(dict.fromkeys(each.speedup["reference"] for each in records if each.speedup)) or usual
