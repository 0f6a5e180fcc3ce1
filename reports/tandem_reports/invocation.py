"""The command line of a run: the command as typed, and whether it asks for pytest-benchmark's own table."""

from __future__ import annotations

import shlex

import pytest

#: Options that ask for pytest-benchmark's own output.
SHOWING = tuple(
    f"--benchmark-{name}" for name in ("columns", "cprofile", "group", "histogram", "name", "sort", "verbose")
)


def command(config: pytest.Config) -> str:
    """The command of this run as it was typed: pytest's, or that of a program which runs pytest."""
    plugins = config.invocation_params.plugins or ()
    typed = (each.typed_command for each in plugins if hasattr(each, "typed_command"))
    return next(typed, shlex.join(["pytest", *map(str, config.invocation_params.args)]))


def hide_own_table(config: pytest.Config) -> None:
    """Leave out pytest-benchmark's table, unless it was asked for or has benchmarks that are not Tandem's."""
    session = getattr(config, "_benchmarksession", None)
    wanted = any(str(word).startswith(SHOWING) for word in config.invocation_params.args)
    if session and not wanted and all("tandem" in each.extra_info for each in session.benchmarks):
        session.quiet = True
