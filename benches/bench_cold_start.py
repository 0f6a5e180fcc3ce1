"""How long does a fresh process take from its first import to its first answer?

Each case is checked, then started in processes of its own: the import of the runtime, the load of the stored
artifact, and the first call. Like bench_gate.py it runs only when it is named alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tandem.vocabulary.case import Case
from tandem_reports.records.record import Record


@pytest.mark.alone
def bench_cold_start(case: Case, start_cold: Callable[[Case], Record]) -> None:
    """Seconds of the whole start, and of its parts."""
    start_cold(case)
