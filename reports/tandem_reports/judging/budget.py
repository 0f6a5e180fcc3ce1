"""Budgets: what each step of a case takes of the whole."""

from __future__ import annotations

from tandem_reports.records.record import Record


def parts(record: Record) -> dict[str, float]:
    """Seconds of each step, in the order of the steps; empty for a case without steps."""
    names = (name for section in record.sections.values() for name in section.parts)
    return {name: found for name in names if (found := record.number(name)) is not None}


def shares(record: Record) -> dict[str, float]:
    """The share of each step in their sum; empty for a case without steps."""
    found = parts(record)
    whole = sum(found.values())
    return {name: value / whole for name, value in found.items()} if whole else {}


def likeness(record: Record) -> str:
    """How near the inputs of a pipeline are to those of the model's own preprocessing; empty for that one."""
    found = record.detail("likeness")
    if not found:
        return ""
    if found.get("psnr_db") is None:
        return f"inputs equal to those of {found['first']}"
    return f"inputs within {found['psnr_db']:.0f} dB of those of {found['first']}"
