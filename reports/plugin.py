"""Hooks that remember each case as it ends and show the summary."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

from reports import environment
from reports.progress import Progress
from reports.record import Record, identity
from reports.render import table
from reports.results import DamagedRun, Results

RESULTS = pytest.StashKey[Results]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("tandem reports", "where results go")
    group.addoption(
        "--output", type=Path, default=Path("reports/out"), metavar="DIR", help="runs (default: reports/out)"
    )
    group.addoption(
        "--resume", action="store_true", help="go on with the latest run: measure only what it lacks"
    )


def open_results(config: pytest.Config, settings: dict[str, Any], distributions: Iterable[str]) -> None:
    """Open this run's folder, or with ``--resume`` the latest one's."""
    root: Path = config.option.output
    described = environment.describe(distributions)
    try:
        if config.option.resume:
            results = Results.reopen(root / "latest", described, settings)
        else:
            results = Results.create(root, described, settings)
    except DamagedRun as error:
        raise pytest.UsageError(str(error)) from error
    config.stash[RESULTS] = results


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember a measured case that did not pass: its latency is struck, its cause kept."""
    report = yield
    results = item.config.stash.get(RESULTS, None)
    if results and "measure" in getattr(item, "fixturenames", ()) and not report.passed:
        case = item.callspec.params["case"]  # type: ignore[attr-defined]  # the parametrised Item has it
        results.add(
            Record(
                **identity(case),
                status="skipped" if report.skipped else "failed",
                outcome=reason(report, call),
            )
        )
    return report


def reason(report: pytest.TestReport, call: pytest.CallInfo[None]) -> str:
    """What the exception said; of a skip by a mark, its reason."""
    if call.excinfo is not None:
        return str(call.excinfo.value)
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)


def pytest_runtestloop(session: pytest.Session) -> None:
    """Show on a terminal how far the run is; in CI the log says it already."""
    if RESULTS in session.config.stash:
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and reporter.isatty and reporter.verbosity == 0:
            session.config.pluginmanager.register(Progress(reporter, len(session.items)), "tandem-progress")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The summary, under pytest-benchmark's own table."""
    results = config.stash.get(RESULTS, None)
    if results is None or not results.records:
        return
    terminalreporter.section(f"tandem: speedup over {results.settings['reference']}, timed in turn")
    terminalreporter.write_line(table.render(results.records.values()))
    terminalreporter.write_line(f"\nwritten to {results.folder}: results.json, results.csv, summary.md")
