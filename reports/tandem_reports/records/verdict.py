"""The gate's verdict on a case."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

OK, IMPROVED, REGRESSED, INCONCLUSIVE, NEW, MISSING, INCOMPARABLE = (
    "ok", "improved", "regressed", "inconclusive", "new", "missing", "incomparable"
)  # fmt: skip

#: The verdicts that need a look come first.
KINDS = (REGRESSED, MISSING, INCONCLUSIVE, INCOMPARABLE, IMPROVED, NEW, OK)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's verdict on one case. ``change``, ``low`` and ``high`` are shares: 0.03 is 3 % slower.

    ``before_s`` and ``now_s`` are values of the figure that people read, which is shown and not judged: of
    ``p50`` in seconds, or of another one in its ``unit``.
    """

    case: str
    kind: str
    #: Name of the run, or of the other side, that the case was judged against.
    baseline: str | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    gate: float | None = None
    before_s: float | None = None
    now_s: float | None = None
    #: Libraries that changed in between: ``onnxruntime 1.30.0 → 1.31.1``.
    versions: list[str] = field(default_factory=list)
    #: Reason why the case is inconclusive, missing or incomparable.
    reason: str = ""
    #: True if further measuring would not help: runs differ too much, or were not measured alike.
    final: bool = False
    #: How it was decided, if not by a stored number.
    note: str = ""
    figure: str = "p50"
    unit: str = "s"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
