"""Hooks that record each case as it ends, judge it and show the summary."""

from __future__ import annotations

import importlib.util
import io
import sys
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.outcomes import Skipped

from tandem_reports import gating, hookspec, installing, invocation, repeats
from tandem_reports.judging import baseline
from tandem_reports.judging.moderation import Known
from tandem_reports.judging.session import Judging
from tandem_reports.machine import environment
from tandem_reports.numbers import positive
from tandem_reports.progress import Progress
from tandem_reports.records import saved
from tandem_reports.records.record import Record, identity
from tandem_reports.records.results import Results
from tandem_reports.records.saved import DamagedBaseline, NoSuchRun
from tandem_reports.records.stored import Told
from tandem_reports.render import fitted, formats, terminal

RESULTS = pytest.StashKey[Results]()
JUDGING = pytest.StashKey[Judging]()
#: A line on the page of the run.
PAGE = pytest.StashKey[str]()
COMPARING = pytest.StashKey[bool]()
BASELINES = pytest.StashKey[baseline.Baselines]()
KNOWN = pytest.StashKey[Known]()
SELECTION = pytest.StashKey[Mapping[str, Any]]()
#: Collected cases, including those that ``-k`` left out again.
SEEN = pytest.StashKey[set[str]]()


class Unfinished(Skipped):
    """Raised by a test that will go on later in the run: it has no result yet."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(hookspec)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("tandem reports", "where results go and how they are judged")
    add = group.addoption
    add("--output", type=Path, default=Path("reports/out"), metavar="DIR", help="runs (default: reports/out)")
    add(
        "--resume",
        action="store_true",
        help="go on with the latest run: measure only the cases that are missing",
    )
    add(
        "--gate",
        default=baseline.DEFAULT_GATE,
        metavar="SHARE",
        help="slowdown that fails, with --benchmark-compare or --versus; off: only show (default: 5%%)",
    )
    add("--gate-strict", action="store_true", help="what cannot be decided or compared fails too")
    add(
        "--gate-budget",
        type=positive,
        default=60.0,
        metavar="S",
        help="seconds that a case may be measured on until it is decided, or precise enough (default: 60)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Find the baselines before pytest-benchmark looks for them in its own way."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # in a locale without "×" pytest would escape line ends too
        sys.stdout.reconfigure(errors="replace")
    option = config.option
    if option.benchmark_histogram and importlib.util.find_spec("pygal") is None:
        raise pytest.UsageError(f"--benchmark-histogram: pygal is missing: {installing.command('histogram')}")
    try:
        baseline.read_gate(option.gate)
        gpu = config.hook.pytest_tandem_uses_gpu(config=config)
        folder = baseline.machine_folder(option.benchmark_storage, bool(gpu))
        option.benchmark_storage = f"file://{folder}"
        asked = option.benchmark_compare or invocation.saves(config)
        if invocation.saves(config):
            baseline.demand_writable(folder)
        settings = config.hook.pytest_tandem_settings(config=config)
        wanted = option.benchmark_compare
        chosen = baseline.choose(folder, wanted, settings) if asked else baseline.Baselines()
    except (baseline.Unusable, DamagedBaseline, NoSuchRun) as error:
        raise pytest.UsageError(str(error)) from error
    config.stash[BASELINES] = chosen
    config.stash[KNOWN] = baseline.known(folder, settings)
    config.stash[COMPARING] = bool(option.benchmark_compare)
    config.stash[SEEN] = set()
    # pytest-benchmark alone would take the last run, even if it regressed; without any it warns.
    newest = max(chosen.runs.values(), key=lambda run: run.order, default=None)
    option.benchmark_compare = str(newest.path) if newest and option.benchmark_compare else None


@pytest.hookimpl(trylast=True)  # after the hooks that refuse contradictory options
def pytest_collection_finish(session: pytest.Session) -> None:
    """Open this run's folder, or with ``--resume`` the latest one's, and its judging."""
    config, hook = session.config, session.config.hook
    cases = [case for item in session.items if (case := hook.pytest_tandem_case(item=item))]
    if not cases or config.option.collectonly:
        return
    option, settings = config.option, hook.pytest_tandem_settings(config=config)
    selected: hookspec.Selected = hook.pytest_tandem_selected(config=config, cases=cases)
    described = environment.describe(selected.distributions, hook.pytest_tandem_uses_gpu(config=config))
    described |= {"command": invocation.command(config), "elsewhere": selected.elsewhere}
    results = invocation.open_folder(option.output, option.resume, described, settings)
    config.stash[RESULTS], config.stash[SELECTION] = results, selected.words
    config.stash[SEEN].update(case.id for case in cases)
    judging = Judging(
        baseline.read_policy(option.gate, option.gate_strict, len(cases)),
        option.gate_budget,
        saving=invocation.saves(config),
        failing=option.gate != "off",
        known=config.stash[KNOWN],
    )
    gating.choose_judge(config, judging, results, config.stash[BASELINES], config.stash[COMPARING])
    config.stash[JUDGING] = judging


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Remember the cases that ``-k`` leaves out: they are not missing."""
    for item in items:
        if case := item.config.hook.pytest_tandem_case(item=item):
            item.config.stash[SEEN].add(case.id)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Record a measured case that did not pass: its latency is deleted, its cause kept.

    A case that failed by its verdict, or by an outcome that its record holds, keeps its figures: there,
    they are the news.
    """
    report = yield
    if call.excinfo and isinstance(call.excinfo.value, Unfinished):
        return report
    results = item.config.stash.get(RESULTS, None)
    case = item.config.hook.pytest_tandem_case(item=item)
    if results and case and not report.passed:
        known = results.records.get(case.id)
        told = known and (known.outcome, item.config.stash[JUDGING].failure(known))
        if not told or reason(report, call) not in told:
            results.add(
                Record(
                    **identity(case),
                    status="skipped" if report.skipped else "failed",
                    outcome=reason(report, call),
                )
            )
    return report


def reason(report: pytest.TestReport, call: pytest.CallInfo[None]) -> str:
    """Message of the exception; for a skip by a mark, the reason of the mark."""
    if call.excinfo is not None:
        return str(call.excinfo.value)
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)


def pytest_runtestloop(session: pytest.Session) -> None:
    """Show the progress of the run on a terminal; in CI the log shows it already."""
    if RESULTS in session.config.stash:
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and reporter.isatty and reporter.verbosity == 0:
            session.config.pluginmanager.register(Progress(reporter, len(session.items)), "tandem-progress")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """Look for missing cases before pytest-benchmark saves the run; a missing case fails a judged run."""
    results = session.config.stash.get(RESULTS, None)
    judging = session.config.stash.get(JUDGING, None)
    partial = session.shouldstop or session.shouldfail or session.config.getoption("lf", default=False)
    if results and judging and judging.judge and not partial:
        told = session.config.hook.pytest_tandem_missing(config=session.config)
        stash = session.config.stash
        baselines, selection, seen = stash[BASELINES].runs, stash[SELECTION], stash[SEEN]
        results.missing = gating.missing(baselines, selection, seen, results) if told is None else told
        results.write()
        if results.missing and judging.failing and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if results and judging:
        gating.moderate(session.config, results, judging)
    if results:
        told = Told(list(results.records.values()), results.environment, results.settings, results.verdicts())
        results.keep(formats.render(told))
        repeats.fold(session.config.pluginmanager.get_plugin("terminalreporter"))
    if results and results.unwritten and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    yield


@pytest.hookimpl(specname="pytest_sessionfinish")
def pytest_sessionfinish_page(session: pytest.Session) -> None:
    """Write the page, which takes seconds: pytest-benchmark, a wrapper too, has saved the run by now."""
    if results := session.config.stash.get(RESULTS, None):
        session.config.stash[PAGE] = invocation.page(results)


@pytest.hookimpl(
    optionalhook=True
)  # without pytest-benchmark a usage error is raised: see selection/invocation.py
def pytest_benchmark_update_machine_info(config: pytest.Config, machine_info: dict[str, Any]) -> None:
    """Leave out the current clock rate: pytest-benchmark would warn of another machine each time."""
    del config
    for name in [name for name in machine_info["cpu"] if name.startswith("hz_actual")]:
        del machine_info["cpu"][name]


@pytest.hookimpl(optionalhook=True)
def pytest_benchmark_update_json(config: pytest.Config, output_json: dict[str, Any]) -> None:
    """Add the data of the run as a whole."""
    results = config.stash.get(RESULTS, None)
    if results is None:
        return
    saved.seal(output_json, invocation.header(config, results, config.stash[SELECTION]))


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> Generator[None, None, None]:
    """Show the summary, in place of pytest-benchmark's own table unless that holds more or is wanted."""
    results = config.stash.get(RESULTS, None)
    if results and exitstatus == pytest.ExitCode.INTERRUPTED and "error" not in terminalreporter.stats:
        terminalreporter.write_line("\nstopped: the same command with --resume measures the rest")
    if results is None or not results.records:
        yield
        return
    invocation.hide_own_table(config)
    yield
    width = terminalreporter._tw.fullwidth if terminalreporter.isatty else None
    for title, lines in terminal.sections(results, config.stash[JUDGING], width):
        terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line, bold=line.startswith(fitted.BEST))
    terminalreporter.write_line(f"\n{results.whereabouts()}")
    terminalreporter.write_line(config.stash[PAGE])
