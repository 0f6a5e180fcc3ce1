"""Shapes of the parts of a stored run that are plain values: a file may have been edited by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import msgspec
from msgspec import Meta

from tandem_reports.records.record import Record, Section
from tandem_reports.records.verdict import KINDS, Verdict

Count = Annotated[int, Meta(ge=0)]
Positive = Annotated[float, Meta(gt=0)]


class Card(TypedDict):
    name: str
    driver: str


class Machine(TypedDict):
    cpu: str
    cores: int
    isa: NotRequired[list[str]]
    gpu: NotRequired[Card | None]


class Elsewhere(TypedDict):
    python: str
    versions: dict[str, str]


class Commit(TypedDict):
    id: str
    dirty: bool


class Placed(TypedDict):
    """A machine of a run over several."""

    machine: Machine
    python: str
    versions: dict[str, str]
    nodes: list[str]


class Environment(TypedDict):
    command: str
    machine: Machine
    python: str
    versions: dict[str, str]
    elsewhere: NotRequired[dict[str, Elsewhere]]
    machines: NotRequired[dict[str, Placed]]
    commit: NotRequired[Commit | None]


class Settings(TypedDict):
    reference: str
    threads: int


class Case(TypedDict):
    model: str
    backend: str
    precision: str
    batch: Annotated[int, Meta(ge=1)]
    device: str
    compression: NotRequired[str]
    transfer: NotRequired[str]
    side: NotRequired[int | None]
    size: NotRequired[int | None]
    threads: NotRequired[int | None]
    machine: NotRequired[str]


class Tail(TypedDict):
    samples: Count
    wanted: Count
    contention: NotRequired[float]
    percentiles: NotRequired[bool]


class Roof(TypedDict):
    least_s: Positive
    bound: Literal["compute", "memory"]
    flops: Positive
    moved_bytes: Positive


class Throttling(TypedDict):
    throttled: float | None
    throttle_reasons: list[str]


class Accuracy(TypedDict):
    top1: float
    low: float
    high: float
    note: str
    change: NotRequired[float]
    dataset: NotRequired[str]


class Details(TypedDict, total=False):
    accuracy: Accuracy
    converted: float | None
    gpu: Throttling | None
    network: dict[str, float]
    over: str
    page_faults: dict[str, list[float]]
    placement: dict[str, int]
    reference: str
    roof: Roof
    samples: Count
    set_aside: Count
    tail: Tail
    throttled: Count


class Agreement(TypedDict):
    relative_error: float


#: Figures that divide something.
ABOVE_ZERO = ("mean", "p50", "throughput")
#: Figures of each case that a user can choose, and sizes of a compressed network.
OF_A_CHOICE = ("mean", "peak_rss")
OF_COMPRESSION = ("bytes", "deflated_bytes", "distance", "parameters", "zeros")


def fault(record: Record) -> str:
    """What is wrong with a record; empty if everything in it can be shown."""
    try:
        msgspec.convert(record.case, Case)
        if record.verdict is not None:
            verdict(record.verdict)
        for section in record.sections.values():
            msgspec.convert(section.details, Details)
        if record.number("throughput") is not None:
            msgspec.convert(record.agreement, Agreement)
    except (msgspec.ValidationError, ValueError) as error:
        return str(error)
    return next(_faults(record), "")


def _faults(record: Record) -> Iterator[str]:
    if record.status not in ("ok", "failed", "skipped"):
        yield f"its status is {record.status!r}"
    if record.status == "ok" and not record.sections:
        yield "it has no figures"
    for section in record.sections.values():
        yield from _wrong_figures(section)
    if record.number("throughput") is not None:
        yield from (f"it has no {name}" for name in OF_A_CHOICE if record.number(name) is None)
    if record.compression != "none" and record.status == "ok":
        network = record.detail("network") or {}
        yield from (f"its network has no {name}" for name in OF_COMPRESSION if name not in network)


def _wrong_figures(section: Section) -> Iterator[str]:
    for name, figure in section.figures.items():
        numbers = [figure.value, figure.low, figure.high, *figure.values]
        if not all(math.isfinite(each) for each in numbers if each is not None):
            yield f"{name} is no finite number"
        elif name in ABOVE_ZERO and figure.value <= 0:
            yield f"{name} is {figure.value}"


def verdict(values: Mapping[str, Any]) -> dict[str, Any]:
    """A verdict with all its fields. Raises ``msgspec.ValidationError`` or ``ValueError``."""
    found = msgspec.convert(values, Verdict)
    numbers = (found.change, found.low, found.high, found.gate, found.before_s, found.now_s)
    if found.kind not in KINDS or not all(math.isfinite(each) for each in numbers if each is not None):
        raise ValueError(f"{found.kind!r} of {found.case} is no verdict")
    return found.to_dict()
