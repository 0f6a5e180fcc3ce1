"""What those who remember and judge a run ask of those who measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tandem_reports.judging.gate import Policy
from tandem_reports.records.record import Record
from tandem_reports.records.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Selected:
    """What a run is made of."""

    #: Packages that its cases need: their versions are part of the environment.
    distributions: frozenset[str]
    #: Environments of backends that run in another one.
    elsewhere: Mapping[str, Any]
    #: How the command line chose the cases, as it was typed.
    words: Mapping[str, Any]


@pytest.hookspec(firstresult=True)
def pytest_tandem_case(item: pytest.Item) -> Any:
    """What the record is of that this test makes; None for any other test.

    It has an ``id``, the ``name`` of its model, its ``scenario``, and ``to_dict()`` with the case.
    """


@pytest.hookspec(firstresult=True)
def pytest_tandem_settings(config: pytest.Config) -> Mapping[str, Any] | None:
    """What of the settings decides whether two runs measured the same, as plain values."""


@pytest.hookspec(firstresult=True)
def pytest_tandem_uses_gpu(config: pytest.Config) -> bool | None:
    """Whether a case of this run is on a GPU: that is part of the machine then."""


@pytest.hookspec(firstresult=True)
def pytest_tandem_selected(config: pytest.Config, cases: Sequence[Any]) -> Selected | None:
    """What the run is made of, once its tests are collected."""


@pytest.hookspec(firstresult=True)
def pytest_tandem_judge(
    config: pytest.Config, policy: Policy, environment: Mapping[str, Any]
) -> Callable[[Record], Verdict] | None:
    """Who judges in place of saved runs; None where these do."""
