"""Options of the command line, turned into a gate, a policy and baselines."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tandem_reports.judging.gate import Policy
from tandem_reports.judging.history import History, read_baselines
from tandem_reports.judging.moderation import Known
from tandem_reports.machine import environment
from tandem_reports.records import saved
from tandem_reports.records.saved import Saved
from tandem_reports.variances import Variance

DEFAULT_GATE = "5%"
PERCENT = 100


class Unusable(Exception):
    """An option has an unusable value; the message names the option and a usable value."""


def read_gate(words: str, option: str = "--gate") -> float | None:
    """The share in ``3%`` or ``0.03``; None for ``off``. Raises ``Unusable``, which names the option."""
    if words == "off":
        return None
    try:
        gate = float(words.removesuffix("%")) / (PERCENT if words.endswith("%") else 1)
    except ValueError:
        gate = -1.0
    if not 0 < gate < 1:
        meant = f": {words}%?" if "%" not in words and 1 <= gate < PERCENT else ", such as 3% or 0.03"
        raise Unusable(f"{option}: {words!r} is neither off nor a share between 0 and 1{meant}")
    return gate


def read_policy(words: str, strict: bool, suite: int = 1) -> Policy:
    """The policy for a run of ``suite`` cases.

    With the gate off, the default gate is shown, and decides how long is measured.
    """
    gate = read_gate(words)
    return Policy(read_gate(DEFAULT_GATE) or 0.0 if gate is None else gate, max(suite, 1), strict)


def machine_folder(storage: str, gpu: bool = False) -> Path:
    """Folder of this machine's saved runs, or of its runs on the ``gpu``, in a ``--benchmark-storage``.

    Raises ``Unusable`` if the storage is not a folder.
    """
    place = storage.removeprefix("file://")
    if "://" in place:
        raise Unusable(f"--benchmark-storage: {storage!r} is not a folder; the gate reads saved files only")
    machine = environment.fingerprint(environment.describe_machine(gpu))
    root = Path(place)
    return root if root.name == machine else root / machine


def demand_writable(folder: Path) -> None:
    """Raises ``Unusable`` if no run can be saved in a folder, which need not exist yet."""
    place = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
    if not place.is_dir() or not os.access(place, os.W_OK):
        raise Unusable(f"--benchmark-storage: no run can be saved in {folder}, {place} cannot be written")


@dataclass(frozen=True, slots=True)
class Baselines:
    """Baselines of a run: the saved run of each case, and the variance of the case between runs.

    ``newest`` are the names of the newest runs, also of those that are no baselines. ``wanted`` is the one
    run that the user named, whether it has a case or not.
    """

    runs: Mapping[str, Saved] = field(default_factory=dict)
    spreads: Mapping[str, Variance] = field(default_factory=dict)
    newest: Mapping[str, str] = field(default_factory=dict)
    wanted: Saved | None = None


def known(folder: Path, settings: Mapping[str, Any]) -> Known:
    """What the saved runs of this machine tell about the spread between processes."""
    if not folder.is_dir():
        return Known()
    history = History(folder)
    return Known(history.variances(settings), history.costs(settings))


def choose(folder: Path, wanted: str | bool | None, settings: Mapping[str, Any]) -> Baselines:
    """The baseline of each case: the run that ``wanted`` names, or the newest good one with equal settings.

    Raises ``DamagedBaseline``, ``NoSuchRun``.
    """
    history = History(folder)
    if isinstance(wanted, str):
        run = saved.read(saved.find(folder, wanted))
        return Baselines(dict.fromkeys(run.records, run), history.spreads(settings), wanted=run)
    found = read_baselines(history.baselines(settings))
    return Baselines(found, history.spreads(settings), history.newest(settings))
