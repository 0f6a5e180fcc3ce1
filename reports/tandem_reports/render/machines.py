"""The machines of a run over several, a sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tandem_reports.judging.comparability import card


def sentences(environment: Mapping[str, Any]) -> list[str]:
    """Name, processor, number of nodes, and versions of each machine; empty for a run on one."""
    return [_sentence(name, one) for name, one in (environment.get("machines") or {}).items()]


def _sentence(name: str, one: Mapping[str, Any]) -> str:
    machine, count = one["machine"], len(one["nodes"])
    nodes = f"{count} node{'s' if count != 1 else ''}"
    versions = ", ".join(f"{library} {version}" for library, version in one["versions"].items())
    cores = f"{machine['cores']} cores{card(machine)}"
    return f"{name}: {machine['cpu']}, {cores}, {nodes}, Python {one['python']}; {versions}"
