"""A record: the stored result of one case, in a versioned schema.

It holds the case, the fields common to all questions, and a section for each question that was asked. Code
that judges, draws or lists records reads figures by their names and knows no question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

#: Raised by one whenever code for the older form would misread the newer one: see ``upgrades.py``.
SCHEMA = 2

LOWER, HIGHER = "lower", "higher"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit and its better direction; a ratio has no unit.

    ``low`` and ``high`` are its 95 % interval; ``values`` are the values of its invocations. ``within`` is
    the standard error of one of them by the noise within its process, as a share.
    """

    value: float
    unit: str = ""
    better: str = ""
    low: float | None = None
    high: float | None = None
    values: tuple[float, ...] = ()
    within: float = 0.0


@dataclass(frozen=True, slots=True)
class Section:
    """Result of a question: ``figures`` by name, and ``details`` that are no numbers to compare."""

    figures: dict[str, Figure] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    #: Figures that have a column in a table, in this order.
    columns: tuple[str, ...] = ()
    #: The figure that the gate judges, and the figure that people read beside its verdict.
    judged: str = ""
    headline: str = ""
    #: Figures in seconds that add up to the whole: a budget.
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One case of one run. ``status`` is ``ok``, ``failed`` or ``skipped``.

    Only an ``ok`` record has sections: a failed case has no figures.
    """

    id: str
    #: Model, backend, precision and other fields of ``tandem.vocabulary.case.Case``.
    case: dict[str, Any]
    #: Name of the model in the id: for a user's own model, the case has its path, or the like.
    name: str = ""
    #: Options of the benches that choose this case alone.
    options: list[str] = field(default_factory=list)
    #: The question that was asked of the case.
    scenario: str = "latency"
    status: str
    #: Why it failed or was skipped. If it is ``ok``, its test failed with these words, because of a figure.
    outcome: str = ""
    weights: str | None = None
    #: Digest of the content of a user's own model, found when it was opened.
    content: str | None = None
    #: Packages that the case ran on: their versions are in the run's environment, or in its own.
    libraries: list[str] = field(default_factory=list)
    #: ``interpreter``, ``python`` and ``versions`` of its own environment; None if it ran in the run's.
    environment: dict[str, Any] | None = None
    agreement: dict[str, Any] | None = None
    #: Share of the time in which others held this case's cores; ``contended`` if it is a large share.
    contention: float | None = None
    contended: bool = False
    #: Why each invocation ended: ``precise`` or ``budget``.
    stopped: list[str] = field(default_factory=list)
    #: Seconds of its measuring, including the start of its processes.
    took_s: float | None = None
    sections: dict[str, Section] = field(default_factory=dict)
    #: Verdict of the gate: the fields of a ``tandem_reports.records.verdict.Verdict``.
    verdict: dict[str, Any] | None = None

    @property
    def model(self) -> str:
        return str(self.case["model"])

    @property
    def backend(self) -> str:
        return str(self.case["backend"])

    @property
    def precision(self) -> str:
        return str(self.case["precision"])

    @property
    def batch(self) -> int:
        return int(self.case["batch"])

    @property
    def device(self) -> str:
        return str(self.case["device"])

    @property
    def compression(self) -> str:
        return str(self.case.get("compression", "none"))

    @property
    def transfer(self) -> str:
        """``host`` if its times include the copies to the device and back."""
        return str(self.case.get("transfer", "device"))

    @property
    def machine(self) -> str:
        """Name of its machine in a run over several; empty in any other run."""
        return str(self.case.get("machine", ""))

    def figure(self, name: str) -> Figure | None:
        """A figure of any section; None if no section has it."""
        return next((each.figures[name] for each in self.sections.values() if name in each.figures), None)

    def number(self, name: str) -> float | None:
        """The value of a figure; None if the record does not have it."""
        found = self.figure(name)
        return found.value if found else None

    def detail(self, name: str, default: Any = None) -> Any:
        """A detail of any section; ``default`` if no section has it."""
        found = (each.details[name] for each in self.sections.values() if name in each.details)
        return next(found, default)

    @property
    def judged(self) -> Figure | None:
        """The figure that the gate judges; None if the record does not have it."""
        return self.figure(self.judged_by)

    @property
    def judged_by(self) -> str:
        """The name of that figure; empty without one."""
        told = (each.judged for each in self.sections.values() if each.judged in each.figures)
        return next(told, "")

    @property
    def headline(self) -> Figure | None:
        """The figure that people read beside a verdict."""
        return self.figure(self.headlined)

    @property
    def headlined(self) -> str:
        """The name of that figure; empty without one."""
        told = (each.headline for each in self.sections.values() if each.headline in each.figures)
        return next(told, "")

    def columns(self) -> Iterator[str]:
        """Names of the figures that have a column in a table."""
        for section in self.sections.values():
            yield from section.columns

    def to_dict(self) -> dict[str, Any]:
        values: dict[str, Any] = msgspec.to_builtins(self, builtin_types=())
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Record:
        """The record of a stored dictionary. Raises ``msgspec.ValidationError``, which names the field."""
        return msgspec.convert(values, cls)


#: Above this share of lost time a case is marked as contended. On an idle machine the share is 1 to 3 %. A
#: process that keeps one of two cores busy raises it to 50 % and more.
CONTENDED = 0.1

#: Largest distance of an undisturbed turn of the yardstick from its usual time, as a logarithm.
CALM = 0.06


def identity(asked: Any) -> dict[str, Any]:
    """Fields that a record takes over from its case, whatever the class of the case."""
    return {
        "id": asked.id,
        "case": asked.to_dict(),
        "options": asked.options(),
        "name": asked.name,
        "scenario": asked.scenario,
    }
