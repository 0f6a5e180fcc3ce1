"""How long does a whole request take, from a JPEG or a text to an answer, and where does the time go?

Every step is checked, then the pipeline is timed in turn with that of the reference, and step by step. Like
bench_gate.py it runs only when it is named alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tandem.vocabulary.case import Case
from tandem_reports.records.record import Record


@pytest.mark.alone(smoke="onnxruntime")
def bench_pipeline(case: Case, serve: Callable[[Case], Record]) -> None:
    """Seconds of a request, and of its steps."""
    serve(case)
