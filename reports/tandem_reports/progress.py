"""One line that shows the progress of the run and the time left."""

from __future__ import annotations

import time

import pytest


class Progress:
    """Rewrites a line on a terminal after each case."""

    def __init__(self, reporter: pytest.TerminalReporter, total: int) -> None:
        self._reporter = reporter
        self._total = total
        self._done = 0
        self._start = time.monotonic()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        name = nodeid.rpartition("[")[2].rstrip("]")
        self._reporter.rewrite(f"[{self._done + 1}/{self._total}] {name}{self._left()} ", erase=True)

    def pytest_runtest_logfinish(self) -> None:
        self._done += 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """No letter for a passed test: the line shows more."""
        return ("passed", "", "PASSED") if report.passed and report.when == "call" else None

    def _left(self) -> str:
        if not self._done:
            return ""
        seconds = (time.monotonic() - self._start) / self._done * (self._total - self._done)
        minutes, rest = divmod(round(seconds), 60)
        return f", about {minutes} min left" if minutes else f", about {rest} s left"
