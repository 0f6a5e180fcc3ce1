"""Parts of a run that its command line decides: the typed command, the folder, pytest-benchmark's table."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tandem_reports import drawing, installing
from tandem_reports.judging.session import blemishes
from tandem_reports.machine import environment
from tandem_reports.records import stored
from tandem_reports.records.results import DamagedRun, Results

#: Options that ask for pytest-benchmark's own output.
SHOWING = tuple(
    f"--benchmark-{name}" for name in ("columns", "cprofile", "group", "histogram", "name", "sort", "verbose")
)


def command(config: pytest.Config) -> str:
    """The command of this run as it was typed: pytest's, or that of a program which runs pytest."""
    plugins = config.invocation_params.plugins or ()
    typed = (each.typed_command for each in plugins if hasattr(each, "typed_command"))
    return next(typed, shlex.join(["pytest", *map(str, config.invocation_params.args)]))


def saves(config: pytest.Config) -> bool:
    """True if pytest-benchmark will save the run."""
    return bool(config.option.benchmark_save or config.option.benchmark_autosave)


def header(config: pytest.Config, results: Results, selection: Mapping[str, Any]) -> dict[str, Any]:
    """The data of the run as a whole, for its saved form."""
    return {
        "environment": results.environment,
        "settings": results.settings,
        "selection": dict(selection),
        "sources": dict(config.hook.pytest_tandem_sources(config=config) or {}),
        "packages": environment.packages(),
        "origin": str(results.folder.resolve()),
        "blemishes": blemishes(results.verdicts()),
    }


def hide_own_table(config: pytest.Config) -> None:
    """Leave out pytest-benchmark's table, unless it was asked for or has benchmarks that are not Tandem's."""
    session = getattr(config, "_benchmarksession", None)
    wanted = any(str(word).startswith(SHOWING) for word in config.invocation_params.args)
    if session and not wanted and all("tandem" in each.extra_info for each in session.benchmarks):
        session.quiet = True


def open_folder(root: Path, resume: bool, described: dict[str, Any], settings: dict[str, Any]) -> Results:
    """The folder of this run, or with ``--resume`` that of the latest one. Raises ``pytest.UsageError``."""
    try:
        if resume:
            return Results.reopen(root / "latest", described, settings)
        return Results.create(root, described, settings)
    except DamagedRun as error:
        raise pytest.UsageError(str(error)) from error
    except OSError as error:
        raise pytest.UsageError(
            f"--output: {root} cannot be written, {error.strerror or error}: name another folder"
        ) from error


def page(results: Results) -> str:
    """Write the page of the run; a line that states where it is, or why there is none."""
    if results.unwritten:
        return "no page, as its folder cannot be written"
    try:
        path = drawing.page(results.folder, stored.read(results.folder))
        latest = results.folder.with_name("latest")
        same = latest.resolve() == results.folder.resolve()
        return f"page: {latest / path.name if same else path}"
    except ModuleNotFoundError as error:
        return f"no page, as {error.name} is not installed: {installing.command('page')}"
    except OSError as error:
        return f"no page: {error}"
