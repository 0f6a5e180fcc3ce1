"""A record: what is remembered of one case, in a versioned schema."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

#: Raised by one whenever a reader of the older form would misread the newer.
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Record:
    """One case of one run. ``status`` is ``ok``, ``failed`` or ``skipped``.

    Everything below ``outcome`` is None, or empty, unless the case is ``ok``: a case that failed
    has no latency. Percentiles are None where the sample is too small for them.
    """

    id: str
    model: str
    backend: str
    precision: str
    batch: int
    device: str
    status: str
    compression: str = "none"
    #: ``host`` where the copies to the device and back are in its times.
    transfer: str = "device"
    #: Why it failed or was skipped.
    outcome: str = ""
    weights: str | None = None
    #: Of a user's own model: what opening it found in it, as a digest.
    content: str | None = None
    #: Packages that it ran on: their versions are in the run's environment, or in its own.
    libraries: list[str] = field(default_factory=list)
    #: Where it ran in another environment than the run: its ``interpreter``, ``python`` and ``versions``.
    environment: dict[str, Any] | None = None
    samples: int = 0
    mean_s: float | None = None
    p50_s: float | None = None
    p90_s: float | None = None
    p95_s: float | None = None
    p99_s: float | None = None
    throughput_per_s: float | None = None
    #: By the device's own events; the others are what a caller waits for.
    device_p50_s: float | None = None
    #: Of a GPU's board, or of the processor's packages, while nothing else was timed.
    energy_j_per_sample: float | None = None
    #: Reference over candidate, with ``reference``: ``eager-fp32``.
    speedup: dict[str, Any] | None = None
    #: Candidate over yardstick in the invocations that nothing disturbed, their number in ``values``,
    #: how many were ``set_aside``, and what the yardstick itself takes in peace, ``turn_s``.
    yardstick: dict[str, Any] | None = None
    agreement: dict[str, Any] | None = None
    #: Shares of labelled samples that were right, ``top1`` and, of more than five classes, ``top5``, how
    #: many only the reference (``lost``) and only the case (``gained``) got right, and the ``change`` with
    #: its interval.
    accuracy: dict[str, Any] | None = None
    peak_rss_bytes: int | None = None
    artifact_bytes: int | None = None
    #: Name and state of the GPU; over all blocks the ``sm_clock_mhz`` and ``memory_clock_mhz``, least and
    #: most, ``temperature_c`` at most, ``power_w`` on average, ``throttle_reasons`` and the share of blocks
    #: that were ``throttled``; of its memory what the process took (``vram_bytes``), all together
    #: (``used_bytes``) and the runtime's allocator (``allocated_bytes``), at most.
    gpu: dict[str, Any] | None = None
    #: Whether it replayed CUDA graphs.
    graphed: bool = False
    #: Share of the multiply-adds that run in the precision; None where that changes none of them, as fp32.
    converted: float | None = None
    #: Of the network in fp32: ``parameters``, ``zeros``, ``bytes`` and ``deflated_bytes``; where it is
    #: compressed, the ``distance`` of its answers from the whole one's.
    network: dict[str, float] = field(default_factory=dict)
    build_s: float | None = None
    load_s: float | None = None
    first_call_s: float | None = None
    threads: int | None = None
    threads_working: int | None = None
    placement: dict[str, int] = field(default_factory=dict)
    #: Share of the time in which others held this case's cores, and whether that is a lot.
    contention: float | None = None
    contended: bool = False
    #: Why each invocation ended: ``precise`` or ``budget``.
    stopped: list[str] = field(default_factory=list)
    #: Seconds that measuring it took, with the start of its processes.
    took_s: float | None = None
    #: What the gate says: a ``reports.gate.Verdict``.
    verdict: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        """What stands for the model in the id: of a user's own ``model`` is the path, or the like."""
        before = self.id.rpartition(f"-{self.backend}-{self.precision}-b")[0]
        return before.removesuffix(f"-{self.compression}") or self.model

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Record:
        """The record of a stored dictionary. Raises ``TypeError`` where a field is missing."""
        return cls(**{name: value for name, value in values.items() if name in cls.__slots__})


#: Above this share of lost time a case is marked as contended. On an idle machine it is 1 to 3 %, a
#: process that keeps one of two cores busy makes it 50 % and more.
CONTENDED = 0.1

#: A turn of the yardstick counts as undisturbed up to this far, as a logarithm, from its usual time.
CALM = 0.06


IDENTITY = ("id", "model", "backend", "precision", "batch", "device", "compression", "transfer")


def identity(case: Any) -> dict[str, Any]:
    """What a record takes over from the case it is of, whatever class that has."""
    return {name: getattr(case, name) for name in IDENTITY}
