"""Is the result of a case the same alone, after other cases, and in a plain script?

Each case is measured in turn alone, after one other case, after all others, and in scripts of its own.
Like bench_gate.py it runs only when it is named alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tandem.vocabulary.case import Case


@pytest.mark.alone
def bench_isolation(case: Case, try_company: Callable[[Case], None]) -> None:
    """Median latency, speedup, page faults and memory, from ``--trials`` of each situation."""
    try_company(case)
