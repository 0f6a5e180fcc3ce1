"""Reasons why cases have no figures, each of them once with all its cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tandem_reports.records.record import Record


@dataclass(frozen=True, slots=True)
class Cause:
    """``status`` is ``failed`` or ``skipped``; ``reason`` has ``the case`` in place of an id."""

    status: str
    reason: str
    cases: Sequence[str]

    @property
    def line(self) -> str:
        """The first line of the reason."""
        return first_line(self.reason)


def find(records: Iterable[Record]) -> list[Cause]:
    """The causes, failures first, in the order of the run."""
    found = dict[tuple[str, str], list[str]]()
    for each in records:
        if each.status != "ok":
            found.setdefault((each.status, unnamed(each.outcome, each.id)), []).append(each.id)
    causes = [Cause(status, reason, cases) for (status, reason), cases in found.items()]
    return sorted(causes, key=lambda cause: cause.status)


def first_line(text: str) -> str:
    return next(iter(text.splitlines()), "")


def unnamed(text: str, case: str) -> str:
    """A message without the id of its case: equal for cases that failed in the same way."""
    return text.replace(case, "the case")
