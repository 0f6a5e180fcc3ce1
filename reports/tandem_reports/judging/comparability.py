"""Reasons why two records cannot be compared. Pure, like the gate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tandem_reports.records.record import CALM, Record
from tandem_reports.records.run import Run

#: Fewest invocations that show how processes differ.
FEWEST_INVOCATIONS = 3
#: Settings that must be equal: with another value, a case is another case.
SETTINGS = ("threads", "weights", "yardstick")
#: Further settings that must be equal; a run has them only if they are switched on.
SWITCHES = ("cuda_graphs", "flush_cache")
#: And those that a run has only if they are not the usual ones.
CHOSEN = ("allocator", "bind_threads", "page_cache", "profile")


def incomparable(now: Run, before: Run, record: Record, base: Record) -> str:
    """The reason why two records cannot be compared at all; empty if they can."""
    if now.environment["fingerprint"] != before.environment["fingerprint"]:
        machine = before.environment["machine"]
        words = f"{machine['cpu']}, {machine['cores']} cores{card(machine)}"
        return f"{before.name} was measured on another machine ({words})"
    for name in (*SETTINGS, *SWITCHES, *CHOSEN):
        then, current = before.settings.get(name), now.settings.get(name)
        if then != current:
            return f"{before.name} has {name} {then}, this run {current}"
    if yardstick_s(record) is None or yardstick_s(base) is None:
        without = record.judged is None or base.judged is None or yardstick_s(record) != yardstick_s(base)
        return "it was measured without the yardstick" if without else ""
    return ""


def moved(now: Run, record: Record, base: Record, changed: list[str]) -> str:
    """The reason why stored numbers cannot be compared, as their unit has changed; empty if it has not."""
    if yardstick_s(record) is None or yardstick_s(base) is None:
        return ""
    under = set(now.settings.get("yardstick_needs", ()))
    below = [change for change in changed if change.split()[0] in under]
    if below and not same_speed(record, base):
        times = f"{turn_s(base) * 1e3:.3g} → {turn_s(record) * 1e3:.3g} ms"
        return (
            f"the yardstick itself changed with {', '.join(below)}: {times}; "
            "compare in tandem with --versus, then promote a new run"
        )
    return ""


def card(machine: Mapping[str, Any]) -> str:
    """The GPU, as a suffix for a description of the machine; empty if none was used."""
    gpu = machine.get("gpu")
    return f", {gpu['name']}, driver {gpu['driver']}" if gpu else ""


def undecidable(record: Record, when: str) -> str:
    """A sentence if a record has too few values for a verdict; empty if it has enough."""
    count, aside = len(values(record)), record.detail("set_aside", 0)
    if count >= FEWEST_INVOCATIONS:
        return ""
    return too_few(count, aside, when) + (f"; {held(record)}" if record.contended else "")


def disturbed(record: Record) -> bool:
    """True if others left too few undisturbed invocations of a case to compare later runs with."""
    return record.detail("set_aside", 0) > 0 and len(values(record)) < FEWEST_INVOCATIONS


def held(record: Record) -> str:
    return f"others held the cores for {record.contention:.0%} of the time"


def too_few(count: int, aside: int, when: str) -> str:
    were = "was" if aside == 1 else "were"
    disturbed = f", {aside} more {were} disturbed by others on this machine" if aside else ""
    return f"{count} usable invocations {when}, {FEWEST_INVOCATIONS} are the least{disturbed}"


def drifted(record: Record, base: Record) -> str:
    """The reason why the machine is in another state than before; empty if it is not.

    Such a state slows each kind of work differently.
    """
    if same_speed(record, base):
        return ""
    ratio = turn_s(record) / turn_s(base)
    word = "slower" if ratio > 1 else "faster"
    return f"the machine runs the yardstick {abs(ratio - 1):.0%} {word} than in the baseline"


def same_speed(record: Record, base: Record) -> bool:
    """True if the yardstick ran equally fast in both, or was missing in one."""
    if yardstick_s(record) is None or yardstick_s(base) is None:
        return True
    return abs(math.log(turn_s(record) / turn_s(base))) <= CALM


def yardstick_s(record: Record) -> float | None:
    """Seconds of an undisturbed turn of the yardstick; None if it took no part."""
    found: float | None = record.detail("turn_s")
    return found


def turn_s(record: Record) -> float:
    found = yardstick_s(record)
    assert found, "records without a yardstick are compared without it"
    return found


def values(record: Record) -> Sequence[float]:
    """The judged values, one for each undisturbed invocation."""
    return record.judged.values if record.judged else ()
