"""A run: its records, with the facts that decide if other records can be compared with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tandem_reports.records.record import Record


@dataclass(frozen=True, slots=True)
class Run:
    """Records, with the environment and settings that others must share; ``name`` is for messages."""

    name: str
    environment: Mapping[str, Any]
    settings: Mapping[str, Any]
    records: Mapping[str, Record]


def versions(run: Run, record: Record) -> dict[str, str]:
    """Versions of the libraries that a record ran on, in the run's environment or in its own."""
    found = (record.environment or run.environment)["versions"]
    return {name: found[name] for name in record.libraries if name in found}


def all_versions(environment: Mapping[str, Any]) -> dict[str, str]:
    """Versions of a run; those of a backend that ran elsewhere are named ``torch of BACKEND``."""
    found = dict(environment.get("versions", {}))
    for backend, other in environment.get("elsewhere", {}).items():
        own = {"python": other["python"], **other["versions"]}
        found |= {f"{name} of {backend}": version for name, version in own.items()}
    return found


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Libraries that both sides have in different versions: ``onnxruntime 1.30.0 → 1.31.1``."""
    both = sorted(before.keys() & now.keys())
    return [f"{name} {before[name]} → {now[name]}" for name in both if before[name] != now[name]]
