"""A stored run, read for a report: what can be shown, and a line on everything that cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from tandem_reports.records import results, shapes
from tandem_reports.records.record import Record
from tandem_reports.records.results import RESULTS, DamagedRun


@dataclass(frozen=True, slots=True)
class Told:
    """The data of a run that a report receives."""

    records: Sequence[Record]
    environment: Mapping[str, Any]
    settings: Mapping[str, Any]
    #: Verdicts of the gate on each case, and on missing cases.
    verdicts: Sequence[Mapping[str, Any]] = ()
    #: What was left out, since it is damaged.
    damages: Sequence[str] = ()


def read(folder: Path) -> Told:
    """The run in a folder. Raises ``DamagedRun`` if nothing of it can be shown.

    A damaged record is left out, and named in ``damages``.
    """
    document, path = results.read(folder), folder / RESULTS
    try:
        msgspec.convert(document["environment"], shapes.Environment)
        msgspec.convert(document["settings"], shapes.Settings)
        missing = [shapes.verdict(each) for each in document.get("missing") or ()]
    except (msgspec.ValidationError, ValueError, TypeError) as error:
        raise DamagedRun(f"{path} is damaged: {error}") from error
    kept, damages = dict[str, Record](), list[str]()
    for number, values in enumerate(document["records"]):
        name = values.get("id") if isinstance(values, dict) else None
        try:
            record = Record.from_dict(values)
            problem = shapes.fault(record) or ("it is there twice" if record.id in kept else "")
        except msgspec.ValidationError as error:
            record, problem = None, str(error)
        if record is None or problem:
            damages.append(f"{name or f'record {number}'} is left out, as it is damaged in {path}: {problem}")
        else:
            kept[record.id] = record
    judged = [shapes.verdict(each.verdict) for each in kept.values() if each.verdict]
    return Told(
        list(kept.values()), document["environment"], document["settings"], [*judged, *missing], damages
    )
