"""How fast does each runtime, precision and batch size answer on this machine?

Every case is checked against the fp64 reference, then timed in turn with the reference runtime and
with the yardstick. A case that disagrees has no latency.
"""

from __future__ import annotations

from collections.abc import Callable

from tandem.vocabulary.case import Case
from tandem_reports.records.record import Record


def bench_latency(case: Case, measure: Callable[[Case], Record]) -> None:
    """Seconds of a call, and its ratios to the reference and to the yardstick."""
    measure(case)
