"""Durations of the calls of a stored run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from tandem_reports.records.record import Record


def read(folder: Path, records: Iterable[Record]) -> tuple[dict[str, list[float]], list[str]]:
    """Seconds of the calls that a case's percentiles are of, by its id; and a line for each lost file.

    A scenario without samples, or a run that was copied without them, has no such files.
    """
    found, lost = dict[str, list[float]](), list[str]()
    for record in records:
        path = folder / "samples" / _file(record)
        try:
            if path.name != _file(record):  # no id leads out of the folder
                continue
            calls = msgspec.json.decode(path.read_bytes(), type=list[Annotated[float, Meta(gt=0)]])
        except FileNotFoundError:
            continue
        except (OSError, ValueError, RecursionError) as error:
            lost.append(f"{path} cannot be read ({error}): its calls are not drawn")
            continue
        if calls:
            found[record.id] = calls
        else:
            lost.append(f"{path} is empty: no calls of it are drawn")
    return found, lost


def _file(record: Record) -> str:
    """The calls that the percentiles are of: those alone, after the match, or those in the match."""
    alone = record.detail("tail", {}).get("percentiles", False)
    return f"{record.id}.tail.json" if alone else f"{record.id}.json"
