"""How fast does each runtime, precision and batch size answer on this machine?

Every case is checked against the fp64 reference, then timed in turn with the reference runtime and
with the yardstick. A case that disagrees gets no number.
"""

from __future__ import annotations

from collections.abc import Callable

from tandem.vocabulary.case import Case
from tandem_reports.records.record import Record


def bench_latency(case: Case, measure: Callable[[Case], Record]) -> None:
    """Seconds a call, over the reference and over the yardstick."""
    measure(case)
