"""A run over several machines: what is kept of each, and what its own saved runs expect of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tandem_reports.records.placed import bare, place
from tandem_reports.records.record import Record
from tandem_reports.records.run import all_versions, changes
from tandem_reports.records.verdict import MISSING, Verdict

KEPT = ("fingerprint", "machine", "interpreter", "python", "versions", "elsewhere")


def machine(environment: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """What a run keeps of a machine: the facts that decide if its records can be compared."""
    return {**{name: environment[name] for name in KEPT}, "settings": dict(settings)}


def differences(known: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """How a machine differs from another one of its kind; empty if both measure the same."""
    found = [
        f"{name} {known[name]!r} and {now[name]!r}"
        for name in ("fingerprint", "settings")
        if known[name] != now[name]
    ]
    return "; ".join([*found, *changes(all_versions(known), all_versions(now))])


def missing(name: str, told: Mapping[str, Any], records: Iterable[Record]) -> list[Verdict]:
    """Verdicts on cases of a machine's saved runs that its sessions did not have, or skipped.

    ``told`` has the verdicts that its sessions came to, and the saved run of each case.
    """
    found = [Verdict(**each) for each in told.get("missing", ())]
    skipped = {
        bare(each.id, name): each for each in records if each.machine == name and each.status == "skipped"
    }
    found += [
        Verdict(case, MISSING, run, reason=skipped[case].outcome)
        for case, run in told.get("baselines", {}).items()
        if case in skipped
    ]
    return [Verdict(**each.to_dict() | {"case": place(each.case, name)}) for each in found]
