"""How often does the gate alarm when nothing has changed, and how often does it find a slowdown?

It runs comparisons through the gate's own code, with a planted slowdown of none or of a known share of each
call, and prints the rates on this machine. Like test_agreement.py it runs only when it is named alone;
``-m smoke`` runs a short form of it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tandem.vocabulary.case import Case


@pytest.mark.alone
def bench_gate(mode: str, case: Case, try_gate: Callable[[str, Case], None]) -> None:
    """Stored baselines and comparisons in tandem, ``--trials`` of each."""
    try_gate(mode, case)
