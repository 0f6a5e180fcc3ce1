"""Records of several machines in one run: the machine is a field of the case, and at the end of its name.

``resnet50-onnxruntime-fp32-b1-cpu`` on the machine ``xeon`` is ``resnet50-onnxruntime-fp32-b1-cpu+xeon``,
and ``…-cpu@load`` is ``…-cpu+xeon@load``. On the machine itself, and in its saved runs, a case has its own
name: there is no other machine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tandem_reports.records.record import Record

#: Facts of a machine's environment that a record of a run over several machines carries itself.
CARRIED = ("interpreter", "python", "versions")


def place(case: str, machine: str) -> str:
    """The id of a case on a machine, in a run over several."""
    name, mark, scenario = case.partition("@")
    return f"{name}+{machine}{mark}{scenario}"


def bare(case: str, machine: str) -> str:
    """The id of a case on its own machine; unchanged if it was on another one."""
    name, mark, scenario = case.partition("@")
    return f"{name.removesuffix(f'+{machine}')}{mark}{scenario}"


def named(text: str, case: str, machine: str) -> str:
    """A text in which a case has its name in a run over several machines."""
    name = case.partition("@")[0]
    return re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w+-])", lambda _: f"{name}+{machine}", text)


def at(record: Record, machine: str, environment: Mapping[str, Any] | None = None) -> Record:
    """A record of a machine, for a run over several. ``environment`` is that of the run on the machine."""
    own = record.environment
    if own is None and environment is not None:
        own = {name: environment[name] for name in CARRIED}
    verdict = record.verdict and record.verdict | {"case": place(record.id, machine)}
    return replace(
        record,
        id=place(record.id, machine),
        outcome=named(record.outcome, record.id, machine),
        case=record.case | {"machine": machine},
        environment=own,
        verdict=verdict,
    )
