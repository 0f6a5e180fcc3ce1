"""Durations of the calls of a stored run."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tandem_reports.records.record import Record


def read(folder: Path, records: Iterable[Record]) -> tuple[dict[str, list[float]], list[str]]:
    """Seconds of the calls that a case's percentiles are of, by its id; and a line for each lost file.

    A scenario without samples, or a run that was copied without them, has no such files.
    """
    found, lost = dict[str, list[float]](), list[str]()
    for record in records:
        path = folder / "samples" / _file(record)
        if path.name != _file(record) or not path.exists():  # no id leads out of the folder
            continue
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            found[record.id] = [float(value) for value in values]
        except (OSError, ValueError, TypeError) as error:
            lost.append(f"{path} cannot be read ({error}): its calls are not drawn")
    return found, lost


def _file(record: Record) -> str:
    """The calls alone, after the match, or those in the match if these are more: as for the percentiles."""
    tail = record.detail("tail", {})
    enough = tail and tail["samples"] >= min(tail["wanted"], record.detail("samples", 0))
    return f"{record.id}.tail.json" if enough else f"{record.id}.json"
