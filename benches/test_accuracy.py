"""How many right answers on labelled data does a runtime and precision lose?

Every session answers the same samples as the reference. A case fails if it has certainly lost more than
``--accuracy-loss``. Like test_agreement.py it runs only when it is named alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tandem.vocabulary.case import Case


@pytest.mark.alone
def test_accuracy(case: Case, score: Callable[[Case], None]) -> None:
    """Top-1 and top-5, and McNemar's test against the reference."""
    score(case)
