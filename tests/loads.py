"""Synthetic records of cases under load and behind servers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tandem_reports.records.record import Figure, Record, Section
from tests.records import make_record


def level(utilisation: float, p50_ms: float, p99_ms: float, **changes: Any) -> dict[str, Any]:
    """A level of load, that the queue foretold to the millisecond."""

    def told(ms: float) -> dict[str, Any]:
        return {"value": ms / 1e3, "low": 0.9 * ms / 1e3, "high": 1.1 * ms / 1e3, "values": [ms / 1e3]}

    usual = {
        "rate": 100 * utilisation, "utilisation": utilisation, "queries": 2100, "service_s": 0.01,
        "batches": {"1": 2000, "2": 50}, "generator": 0.01, "valid": [True, True, False], "lost": 0,
        "late": False, "greedy": False, "contended": False, "late_p99_s": 1e-4, "effective": 300,
        "waits": {"p99": p99_ms / 1e3 - 0.01},
        "p50": told(p50_ms), "p99": told(p99_ms),
        "predicted": {"here_p50_s": p50_ms / 1e3, "here_p99_s": p99_ms / 1e3},
    }  # fmt: skip
    return usual | changes


def loaded(
    *told: dict[str, Any],
    batching: str = "none",
    rate: float = 70.0,
    rates: Sequence[float] = (),
    **details: Any,
) -> Record:
    """A case of ``server`` with these levels; ``rates`` are those that its processes reached."""
    found = {"levels": list(told), "traffic": {"scenario": "server", "batching": batching}} | details
    section = Section(
        {"rate": Figure(rate, "1/s", "higher", values=tuple(rates))}, found, judged="rate", headline="rate"
    )
    name = batching.replace("@", "at")
    record = make_record("m-ov-fp32-b1-cpu", id=f"m-ov-fp32-b1-server-{name}-cpu@load", scenario="load")
    record.case["traffic"] = f"server batching={batching}"
    record.sections.clear()
    record.sections["load"] = section
    return record


def searched(rate: float, batching: str) -> Record:
    """A case whose highest rate within a bound is known to 5 %."""
    knees = [[rate, 1.05 * rate]]
    return loaded(level(0.9, 20, 45), batching=batching, rate=rate, bound="p99<50ms", knees=knees)


def served(name: str, most: float, cpu_ms: float = 10.0, width: float = 0.02) -> Record:
    """A case behind a server that answers so many queries a second, each in 5 ms on two threads."""
    loop = {
        "clients": 4, "rate": most, "p50_s": 0.009, "there_s": 0.001, "wait_s": 0.002, "service_s": 0.005,
        "back_s": 0.001, "batches": {"1": 90}, "client_cpu_s": 0.001, "server_cpu_s": cpu_ms / 1e3,
        "memory_bytes": 2e8, "refused": {},
    }  # fmt: skip
    details = {
        "traffic": {"scenario": "server", "server": name, "batching": "none"},
        "single": loop, "session": loop, "closed": [loop], "threads": 2,
    }  # fmt: skip
    figures = {
        "most": Figure(most, "1/s", "higher", (1 - width) * most, (1 + width) * most),
        "later": Figure(0.004, "s", "lower", 0.003, 0.005),
        "start": Figure(2.0, "s", "lower"),
    }
    record = make_record("m-ov-fp32-b1-cpu", id=f"m-ov-fp32-b1-{name}-cpu@serving", scenario="serving")
    record.case["traffic"] = f"server on={name}"
    record.sections.clear()
    record.sections["serving"] = Section(figures, details, judged="most", headline="most")
    return record


def endured(recovered_s: float | None) -> Record:
    """A case behind a server whose replica was killed, and that answered again after so many seconds."""
    record = make_record()
    told = {"fault": "a replica is killed", "recovered_s": recovered_s}
    record.sections["faults"] = Section({}, {"endured": [told]})
    return record


def at_once(ratio: float) -> Record:
    """A case whose samples were all asked for at once."""
    record = loaded()
    figures = {"samples": Figure(90.0), "over_calls": Figure(ratio, "", "higher", ratio, ratio)}
    record.sections["load"].figures.update(figures)
    return record
