"""How much memory does a case take, and does it grow from call to call?

Each case is checked, then called on and on in fresh processes of its own, with looks at their memory. Nothing
is timed meanwhile: a look takes time. Like bench_gate.py it runs only when it is named alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tandem.vocabulary.case import Case
from tandem_reports.records.record import Record


@pytest.mark.alone(smoke="onnxruntime")
def bench_memory(case: Case, weigh: Callable[[Case], Record]) -> None:
    """Bytes at the peak, after the calls, and of each further call. A leak fails the test."""
    weigh(case)
