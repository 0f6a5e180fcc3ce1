"""Is a case's number the same alone, in company, and in a plain script?

Each case is measured alone, after one other case, after all others, and in scripts of its own, in turn.
Like bench_gate.py it runs only when it is asked for alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tandem.vocabulary.case import Case


@pytest.mark.alone
def bench_isolation(isolated: Case, try_company: Callable[[Case], None]) -> None:
    """Median latency, speedup, page faults and memory, ``--trials`` of each company."""
    try_company(isolated)
