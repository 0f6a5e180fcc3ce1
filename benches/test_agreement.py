"""Is the answer right, whatever the batch, the length, the padding and the values?

It compares every backend with the fp64 reference, on inputs that hypothesis generates.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import Phase, given, settings

from tandem.scenarios.agreement.strategies import input_specs
from tandem.vocabulary.case import Case, InputSpec

#: Each example needs a reference in fp64, and often a session for another shape.
EXAMPLES = 20
#: No shrinking: the first example is the plainest already, and a search for a smaller one takes minutes.
PHASES = [phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)]


@pytest.mark.alone
def test_agreement(case: Case, agree: Callable[[Case, InputSpec], None]) -> None:
    """Test a family (a model, a runtime and a precision); hypothesis draws the batch and the rest."""

    @settings(max_examples=EXAMPLES, phases=PHASES, deadline=None)
    @given(input_specs(case))
    def every_answer_is_right(spec: InputSpec) -> None:
        agree(case, spec)

    every_answer_is_right()
