"""What does a server do when something breaks?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tandem.vocabulary.case import Case
from tandem_reports.records.record import Record


@pytest.mark.alone
def bench_faults(case: Case, endure: Callable[[Case], Record]) -> None:
    """Is any query lost without an error, and how long until the server answers again?

    While clients ask, it gets bodies that are malformed, of another shape, or too large; clients leave; a
    replica stands still, and one is killed; more comes than it can answer.
    """
    endure(case)
