"""What becomes of latency and throughput when many ask at once?

MLPerf's LoadGen asks the checked session of each case: one query after another, several together, at random,
and all at once. Latency counts from the time at which a query was due. Like bench_gate.py it runs only when
it is named alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tandem.vocabulary.case import Case
from tandem_reports.records.record import Record


@pytest.mark.alone(smoke="onnxruntime")
def bench_load(case: Case, load: Callable[[Case], Record]) -> None:
    """Percentiles in each scenario of MLPerf, beside those that a queue foretells, or the highest rate."""
    load(case)
