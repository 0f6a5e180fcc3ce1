"""Notes on the cost of page faults for a case or its reference."""

from __future__ import annotations

from collections.abc import Sequence

from tandem_reports.judging.comparing import against_itself
from tandem_reports.records.record import Record

#: Seconds of a page fault: a small transformer on two threads took 1.92 ms with 568, and 1.10 ms with none.
FAULT_S = 1.4e-6
#: Smallest share of a call that is worth a note.
SHARE = 0.05
#: From this share on an estimate is too coarse for a number.
MOST = 0.75
REMEDY = "--allocator glibc-keeping avoids them"


def words(record: Record) -> list[str]:
    """A line on the candidate, and one on the reference, if memory from the kernel costs a lot."""
    call_s, faults = record.number("p50"), record.detail("page_faults", {})
    if call_s is None:
        return []
    found = [paid("it", faults.get("candidate", ()), call_s)]
    speedup, reference = record.number("speedup"), record.detail("reference", "its reference")
    own = reference == f"{record.backend}-{record.precision}" or against_itself(record)
    if speedup and not own:
        found.append(paid(reference, faults.get("reference", ()), call_s * speedup))
    return [each for each in found if each]


def paid(who: str, faults: Sequence[float], call_s: float) -> str:
    """A line on page faults; empty if no process has lost more than ``SHARE`` of its time to them."""
    many = [each for each in faults if each * FAULT_S > SHARE * call_s]
    if not many:
        return ""
    share = max(many) * FAULT_S / call_s
    cost = f"some {share:.0%}" if share < MOST else "most"
    where = f"in {len(many)} of {len(faults)} processes" if len(many) < len(faults) else "in all processes"
    return f"{who} makes {max(many):.0f} page faults a call {where}, {cost} of its time: {REMEDY}"
