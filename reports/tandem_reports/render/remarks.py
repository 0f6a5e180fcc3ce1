"""Remarks on a case: facts that a reader must know before they trust its row."""

from __future__ import annotations

from collections.abc import Iterator

from tandem_reports.judging import page_faults, watching
from tandem_reports.judging.budget import likeness
from tandem_reports.judging.comparing import taken, told_speedup
from tandem_reports.records.record import CONTENDED, Record

#: Below this share of converted multiply-adds, the name of a precision promises too much.
MOSTLY = 0.9
#: From this share of zeros on, a network counts as sparse.
SPARSE = 0.05
#: From this share on, two meters of the same energy differ too much to trust either.
METERS_DIFFER = 0.1
#: Processes whose interval is valid and very wide.
TWO = 2


def notes(record: Record) -> str:
    """The remarks in one cell."""
    return "; ".join(remarks(record))


def remarks(record: Record) -> list[str]:
    """Facts that a reader must know before they trust the row."""
    found = [*_disturbances(record), *_placement(record), *watching.words(record)]
    if (record.agreement or {}).get("at_limit"):
        found.append("agreement at its limit")
    converted = record.detail("converted")
    if converted is not None and converted < MOSTLY:
        found.append(f"{converted:.0%} of multiply-adds in {record.precision}")
    found += [*_session(record), *_meters(record)]
    found += page_faults.words(record)
    found += _above_roof(record)
    found += filter(None, [likeness(record)])
    if record.detail("leaks", False) is None:
        found.append(f"{record.detail('calls')} calls are too few to tell a leak")
    ratio = told_speedup(record)
    if record.detail("over") == "rounds":
        found.append("interval within one process only")
    elif ratio and len(ratio.values) == TWO:
        found.append("interval of two processes")
    if record.compression != "none":
        found.append(compressed(record))
    return found


def _disturbances(record: Record) -> Iterator[str]:
    if record.contended and record.contention is not None:
        told = f"contended: the cores were taken for {record.contention:.0%} of the time by others"
        refused = taken(record) and record.figure("speedup")
        yield told + (", too much to tell a speedup" if refused else "")
    yield from _alone(record)
    if periods := record.detail("throttled"):
        yield f"throttled: the quota of its container stopped it in {periods} periods"
    gpu = record.detail("gpu")
    if gpu and gpu["throttled"]:
        yield f"throttled in {gpu['throttled']:.0%} of turns ({', '.join(gpu['throttle_reasons'])})"


def _alone(record: Record) -> Iterator[str]:
    """Calls alone that others disturbed, of a case that they did not disturb as a whole."""
    tail = record.detail("tail", {})
    share = float(tail.get("contention", 0.0))
    if share <= CONTENDED or record.contended:
        return
    if tail.get("percentiles", True):
        yield f"others held {share:.0%} of the time of the calls that percentiles are of"
    else:
        yield f"percentiles of calls in the match: others held {share:.0%} of the time of those alone"


def _session(record: Record) -> Iterator[str]:
    if record.detail("graphed"):
        yield "CUDA graph"
    if why := record.detail("alone"):
        yield f"a session of its own, as that of all shapes failed: {why}"
    if record.detail("shapes") == 1:
        yield "a new shape needs a session, whose load is in its time"


def _meters(record: Record) -> Iterator[str]:
    for name, ratio in (record.detail("second_meters") or {}).items():
        if abs(ratio - 1) > METERS_DIFFER:
            yield f"two meters of the {name.replace('_', ' ')} differ by {abs(ratio - 1):.0%}"


def _placement(record: Record) -> Iterator[str]:
    placement = record.detail("placement", {})
    for device, nodes in placement.items():
        if device != record.device:
            yield f"{nodes} of {sum(placement.values())} nodes run on {device}"


def _above_roof(record: Record) -> Iterator[str]:
    """A case that is faster than the machine: the ceilings were measured too low."""
    roof = record.detail("roof")
    time_s = record.number("p50") or record.number("mean")
    if roof and time_s and roof["least_s"] > time_s:
        yield f"faster than its measured roof, {roof['least_s'] / time_s:.0%}: that meter may be wrong"


def compressed(record: Record) -> str:
    """The network after compression, and the gain that compression cannot bring."""
    network = record.detail("network")
    off = f"answers {network['distance']:.0%} off those of the whole network"
    size = f"{network['bytes'] / 1e6:.3g} MB, deflated {network['deflated_bytes'] / 1e6:.3g}"
    if network["zeros"] < SPARSE * network["parameters"]:
        return f"{off}; {network['parameters'] / 1e6:.3g} M parameters, {size}"
    zeros = f"{network['zeros'] / network['parameters']:.0%} of weights are zero"
    return f"{off}; {zeros}, but stored and multiplied like others: smaller only when deflated ({size})"
