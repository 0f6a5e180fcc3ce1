"""Which server, which batching, how many replicas, at the same session?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tandem.vocabulary.case import Case
from tandem_reports.records.record import Record


@pytest.mark.alone(smoke="onnxruntime")
def bench_serving(case: Case, host: Callable[[Case], Record]) -> None:
    """What does each server add to the session, what does it serve, and does it hold the bound?

        pytest benches/bench_serving.py -k "litserve and resnet18"
        pytest benches/bench_serving.py --servers inprocess,litserve --batching none,8@5ms --slo "p99<50ms"

    Every answer is checked first, alone and in company: a server that mixes up its answers has no figure.
    """
    host(case)
