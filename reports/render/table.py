"""The summary as a table: a row a case, the columns a decision is made on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tabulate import tabulate

from reports.record import Record

HEADERS = ("case", "p50 ms", "p90 ms", "p99 ms", "samples/s", "speedup", "95 % interval", "error",
           "peak MB", "artifact MB", "build s", "notes")  # fmt: skip


def render(records: Iterable[Record], style: str = "simple") -> str:
    """The records that are ``ok``, in a style of ``tabulate``."""
    rows = [row(record) for record in records if record.status == "ok"]
    alignment = ("left", *["right"] * (len(HEADERS) - 2), "left")
    return tabulate(
        rows, HEADERS, tablefmt=style, colalign=alignment if rows else None, disable_numparse=True
    )


def row(record: Record) -> Sequence[str]:
    speedup, agreement = record.speedup or {}, record.agreement or {}
    return (
        record.id,
        _scaled(record.p50_s, 1e3),
        _scaled(record.p90_s, 1e3),
        _scaled(record.p99_s, 1e3),
        _scaled(record.throughput_per_s, 1),
        f"{speedup['estimate']:.2f}x",
        f"{speedup['low']:.2f} – {speedup['high']:.2f}",
        f"{agreement['relative_error']:.1e}",
        _scaled(record.peak_rss_bytes, 1e-6),
        _scaled(record.artifact_bytes, 1e-6),
        _scaled(record.build_s, 1),
        notes(record),
    )


def notes(record: Record) -> str:
    """What a reader must know before they trust the row."""
    found = []
    if record.contended and record.contention is not None:
        found.append(f"contended: the cores were taken for {record.contention:.0%} of the time by others")
    if record.speedup and record.speedup["over"] == "rounds":
        found.append("interval within one process only")
    return "; ".join(found)


def _scaled(value: float | None, scale: float) -> str:
    """Three digits that count; empty where there is no value."""
    if value is None:
        return ""
    rounded = float(f"{value * scale:.3g}")
    return f"{rounded:.0f}" if rounded.is_integer() else f"{rounded}"
