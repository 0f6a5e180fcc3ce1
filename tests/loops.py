"""Runs of a server as plain values, for tests of what is computed from them."""

from __future__ import annotations

from collections.abc import Sequence

from tandem.generators.logs import Driven
from tandem.scenarios.load.messages import Drove
from tandem.scenarios.serving.messages import Answered
from tandem.scenarios.serving.runs import Run


def looped(
    driven: Driven,
    batches: Sequence[int] = (),
    services_s: Sequence[float] = (),
    waits_s: Sequence[float] = (),
    idle: bool = False,
) -> Run:
    drove = Drove(
        driven=driven,
        waits_s=list(waits_s),
        services_s=list(services_s),
        batches=list(batches),
        woken_s=[0.0 if idle else None] * len(batches),
        agreement={},
        checked=0,
    )
    return Run(Answered(drove=drove, there_s=[], back_s=[], refused={}, cpu_s=0.0))
