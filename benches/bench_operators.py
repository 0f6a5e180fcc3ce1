"""Where does the time of a call go, operator by operator?

Each case is checked, then profiled by its runtime's own profiler, between calls that are not. A profiled call
is never a timed one. Like bench_gate.py it runs only when it is named alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tandem.vocabulary.case import Case
from tandem_reports.records.record import Record


@pytest.mark.alone(smoke="onnxruntime")
def bench_operators(case: Case, operate: Callable[[Case], Record]) -> None:
    """Seconds of each kind of operator, of the ten slowest ones, and of what is outside them."""
    operate(case)
