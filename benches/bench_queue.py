"""What does a queue do to the latency of a service, before anybody deploys it?

With a rate and a mean time of service alone: queues in closed form, beside their simulation. Of a case: the
simulated queue before its measured times of service. Like bench_gate.py it runs only when it is named alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tandem.vocabulary.case import Case
from tandem_reports.records.record import Record


@pytest.mark.alone
def bench_law(name: str, law: Callable[[str], None]) -> None:
    """Wait, median and 99th percentile at ``--arrival-rps``; the two ways agree within 2 %."""
    law(name)


@pytest.mark.alone(smoke="onnxruntime")
def bench_queue(case: Case, foretell: Callable[[Case], Record]) -> None:
    """Median and 99th percentile of the time to an answer against the rate of arrivals."""
    foretell(case)
