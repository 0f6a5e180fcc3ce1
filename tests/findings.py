"""Synthetic records in which a finding lies, for the tests of the rules."""

from __future__ import annotations

from tandem_reports.records.record import Figure, Record
from tests.records import case, costing


def threaded(threads: int, turns: float) -> Record:
    record = costing("m-ort-fp32-b1-cpu", turns, id=f"m-ort-fp32-b1-t{threads}-cpu")
    record.case["threads"] = threads
    return record


def roofed(share: float) -> Record:
    """A case at this share of its roof."""
    record = case("m-ort-fp32-b1-cpu", 10, 2.0)
    section = record.sections["latency"]
    section.figures["of_roof"] = Figure(share, "", "higher")
    section.details["roof"] = {"bound": "compute", "least_s": 0.01 * share}
    return record


def with_speeds(share: float) -> Record:
    """A case with two speeds of its processes, and two within each."""
    record = case("m-ort-fp32-b1-cpu", 10, 2.0)
    two = {"fast_s": 0.0083, "slow_s": 0.012, "share": share}
    record.sections["latency"].details.update(speeds=two | {"processes": 12}, speeds_within=two)
    return record
