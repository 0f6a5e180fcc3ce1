"""Hooks that the reports call and the measuring plugins implement."""

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
    """Packages, environments and options of a run's cases."""

    #: Packages that the cases need: their versions are part of the environment.
    distributions: frozenset[str]
    #: Environments of the backends that run in another environment than the run.
    elsewhere: Mapping[str, Any]
    #: Options that chose the cases, as they were typed.
    words: Mapping[str, Any]


@pytest.hookspec(firstresult=True)
def pytest_tandem_case(item: pytest.Item) -> Any:
    """The case that a test makes a record of; None for any other test.

    It has an ``id``, the ``name`` of its model, its ``scenario``, ``options()`` that choose it, and
    ``to_dict()`` with the case.
    """


@pytest.hookspec(firstresult=True)
def pytest_tandem_parameters(metafunc: pytest.Metafunc) -> Sequence[Any] | None:
    """The values of ``case`` for a test that uses the fixture of a scenario; None for all selected cases."""


@pytest.hookspec(firstresult=True)
def pytest_tandem_settings(config: pytest.Config) -> Mapping[str, Any] | None:
    """The settings that must be equal if two runs measured the same, as plain values."""


@pytest.hookspec(firstresult=True)
def pytest_tandem_uses_gpu(config: pytest.Config) -> bool | None:
    """True if a case of this run is on a GPU: the GPU is then part of the machine."""


@pytest.hookspec(firstresult=True)
def pytest_tandem_selected(config: pytest.Config, cases: Sequence[Any]) -> Selected | None:
    """Packages, environments and options of the run, once its tests are collected."""


@pytest.hookspec(firstresult=True)
def pytest_tandem_sources(config: pytest.Config) -> Mapping[str, str] | None:
    """Commits of the files that this run measured, by model, and under "" of the harness."""


@pytest.hookspec(firstresult=True)
def pytest_tandem_missing(config: pytest.Config) -> list[Verdict] | None:
    """Verdicts on missing cases by other saved runs than this machine's; None if those of this one tell."""


@pytest.hookspec(firstresult=True)
def pytest_tandem_judge(
    config: pytest.Config, policy: Policy, environment: Mapping[str, Any]
) -> Callable[[Record], Verdict] | None:
    """The function that judges in place of saved runs; None if the saved runs judge."""
