"""Closed loops as plain values, for tests of what is computed from them."""

from __future__ import annotations

from collections.abc import Sequence

from tandem.generators.logs import Driven
from tandem.scenarios.load.messages import Drove
from tandem.scenarios.serving.messages import Answered
from tandem.scenarios.serving.runs import Run


def looped(driven: Driven, batches: Sequence[int] = ()) -> Run:
    drove = Drove(
        driven=driven, waits_s=[], services_s=[], batches=list(batches), woken_s=[], agreement={}, checked=0
    )
    return Run(Answered(drove=drove, there_s=[], back_s=[], refused={}, cpu_s=0.0))
