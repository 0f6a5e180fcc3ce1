"""What do a larger input, a larger batch and more threads cost, and what do they bring?

Every case is checked. Cases that differ in their shapes alone share a session where the runtime can, and take
turns with each other and with the yardstick. Like bench_gate.py it runs only when it is named alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tandem.vocabulary.case import Case
from tandem_reports.records.record import Record


@pytest.mark.alone(smoke="onnxruntime")
def bench_sweep(case: Case, sweep: Callable[[Case], Record]) -> None:
    """Seconds and bytes of a call at each size, batch and number of threads, and the price of a new shape."""
    sweep(case)
