"""What do I ship? Writes the artifact of each case, a manifest, and a script that loads it without Tandem.

Each case is checked first, like one that is timed. ``tandem export`` runs this bench for one case. Like
test_accuracy.py it runs only when it is named alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tandem.vocabulary.case import Case


@pytest.mark.alone
def test_export(case: Case, export: Callable[[Case], None]) -> None:
    """The artifact, its hashes, versions, inputs, outputs and agreement, and an example with its answer."""
    export(case)
