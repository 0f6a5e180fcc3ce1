"""Conversion of records of older schemas to the newest: a saved run is never thrown away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tandem_reports.records.record import HIGHER, LOWER, SCHEMA

Values = dict[str, Any]
CASE = ("model", "backend", "precision", "batch", "device", "compression", "transfer")
COMMON = ("id", "status", "outcome", "weights", "content", "libraries", "environment", "agreement",
          "contention", "contended", "stopped", "took_s", "verdict")  # fmt: skip
#: Figures of latency by their former names: the name, the unit, and the better direction.
FIGURES = {
    "mean_s": ("mean", "s", LOWER),
    "p50_s": ("p50", "s", LOWER),
    "p90_s": ("p90", "s", LOWER),
    "p95_s": ("p95", "s", LOWER),
    "p99_s": ("p99", "s", LOWER),
    "device_p50_s": ("device_p50", "s", LOWER),
    "throughput_per_s": ("throughput", "1/s", HIGHER),
    "peak_rss_bytes": ("peak_rss", "bytes", LOWER),
    "energy_j_per_sample": ("energy", "J/sample", LOWER),
    "artifact_bytes": ("artifact", "bytes", LOWER),
    "build_s": ("build", "s", LOWER),
    "load_s": ("load", "s", LOWER),
    "first_call_s": ("first_call", "s", LOWER),
}
COLUMNS = ("p50", "p90", "p99", "device_p50", "throughput", "speedup", "error", "peak_rss", "vram", "energy",
           "artifact", "build")  # fmt: skip
DETAILS = ("samples", "gpu", "graphed", "converted", "network", "threads", "threads_working", "placement",
           "allocator", "page_faults")  # fmt: skip


def upgrade(record: Values, schema: int) -> Values:
    """A record of ``schema`` in the form of the newest."""
    for number in range(schema, SCHEMA):
        record = UPGRADES[number](record)
    return record


def to_2(old: Values) -> Values:
    """Convert 43 flat fields into the case, the common part and a section for each question."""
    new: Values = {name: old[name] for name in COMMON if name in old}
    new["case"] = {name: old[name] for name in CASE if name in old}
    before = old["id"].rpartition(f"-{old['backend']}-{old['precision']}-b")[0]
    new["name"] = before.removesuffix(f"-{old.get('compression', 'none')}") or old["model"]
    new["sections"] = {"latency": _latency(old)} if old["status"] == "ok" else {}
    if scored := old.get("accuracy"):
        new["sections"]["accuracy"] = _accuracy(scored)
    return new


def _latency(old: Values) -> Values:
    figures: Values = {
        name: {"value": old[before], "unit": unit, "better": better}
        for before, (name, unit, better) in FIGURES.items()
        if old.get(before) is not None
    }
    details = {name: old[name] for name in DETAILS if name in old}
    if vram := (old.get("gpu") or {}).get("vram_bytes"):
        figures["vram"] = {"value": vram, "unit": "bytes", "better": LOWER}
    if speedup := old.get("speedup"):
        figures["speedup"] = _ratio(speedup, HIGHER)
        details |= {name: speedup[name] for name in ("reference", "over") if name in speedup}
    if yardstick := old.get("yardstick"):
        details |= {name: yardstick[name] for name in ("set_aside", "turn_s") if name in yardstick}
        if "estimate" in yardstick:
            figures["cost"] = _ratio(yardstick, LOWER)
    return {"figures": figures, "details": details, "columns": COLUMNS, "judged": "cost", "headline": "p50"}


def _ratio(estimate: Values, better: str) -> Values:
    kept: Values = {name: estimate[name] for name in ("low", "high", "values") if name in estimate}
    return {"value": estimate["estimate"], "better": better, **kept}


def _accuracy(scored: Values) -> Values:
    figures = {"top1": {"value": scored["top1"], "better": HIGHER}}
    if "change" in scored:
        kept: Values = {name: scored[name] for name in ("low", "high") if name in scored}
        figures["accuracy_change"] = {"value": scored["change"], "better": HIGHER, **kept}
    return {"figures": figures, "details": {"accuracy": scored}, "columns": ["accuracy"]}


#: By the schema of a record, the function that converts it to the next schema.
UPGRADES: dict[int, Callable[[Values], Values]] = {1: to_2}
