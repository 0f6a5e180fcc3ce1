"""Failures that are equal but for the case: on the terminal they are told once, with all their cases."""

from __future__ import annotations

from typing import Any

import pytest

from tandem_reports.judging.causes import unnamed


def fold(reporter: pytest.TerminalReporter | None) -> None:
    """Show the first of equal failures alone, with the names of the others. They are still counted.

    Only failures of parametrised tests are folded, whose cases stand in brackets.
    """
    first = dict[str, Any]()
    others = dict[str, list[str]]()
    for report in reporter.stats.get("failed", []) if reporter else ():
        case = report.nodeid.partition("[")[2].removesuffix("]")
        if not case:
            continue
        text = unnamed(report.longreprtext, case)
        if text in first:
            others.setdefault(text, []).append(case)
            report._pdbshown = True  # pytest shows no report that a debugger has shown
        first.setdefault(text, report)
    for text, cases in others.items():
        title = f"the same in {len(cases)} other case{'s' if len(cases) > 1 else ''}"
        first[text].sections.append((title, ", ".join(cases)))
