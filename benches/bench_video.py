"""How many streams of video does this machine hold, at which configuration, and what breaks first?

Each stream has a clock of its own. Its frames are decoded, shown to the detector, followed by a tracker, and
each track is named once. Latency counts from the time at which a frame was captured; frames that come too
quickly are dropped and counted. Like bench_gate.py it runs only when it is named alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tandem.vocabulary.case import Case
from tandem_reports.records.record import Record


@pytest.mark.alone(smoke="onnxruntime")
def bench_video(case: Case, watch: Callable[[Case], Record]) -> None:
    """The most streams that hold the bound, or what becomes of the frames of so many."""
    watch(case)
