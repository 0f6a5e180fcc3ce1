"""Records as CSV: a row for each case; figures by name and unit, ``p50_s``, ``speedup.low``; flat details."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tandem_reports.records.record import Figure, Record, Section

#: Columns of words that are Tandem's own, and begin with a dash.
OURS = ("options",)
#: First letters of a formula (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(records: Iterable[Record]) -> str:
    rows = [dict(cells(record)) for record in records]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {name: value if name in OURS else safe(value) for name, value in row.items()} for row in rows
    )
    return text.getvalue()


def safe(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, with an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def cells(record: Record) -> Iterator[tuple[str, Any]]:
    values = record.to_dict()
    del values["sections"]
    yield from flatten({"id": values.pop("id"), **values.pop("case"), **values})
    for section in record.sections.values():
        yield from of_section(section)


def of_section(section: Section) -> Iterator[tuple[str, Any]]:
    for name, figure in section.figures.items():
        yield f"{name}{suffix(figure)}", figure.value
        yield from flatten({"low": figure.low, "high": figure.high, "values": figure.values}, f"{name}.")
    yield from flatten(section.details)


def suffix(figure: Figure) -> str:
    """The unit, as the end of a name: ``_s``, ``_bytes``, ``_per_s``, ``_j_per_sample``."""
    unit = figure.unit.lower().removeprefix("1").replace("/", "_per_").strip("_")
    return f"_{unit}" if unit and unit != "flop" else ""  # the name says it: flops


def flatten(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from flatten(value, f"{prefix}{name}.")
        elif value is not None and value != ():
            yield f"{prefix}{name}", listed(value) if isinstance(value, list | tuple) else value


def listed(values: Sequence[Any]) -> str:
    """Words or numbers, parted by spaces; JSON for a list of other things."""
    if any(isinstance(each, dict | list | tuple) for each in values):
        return json.dumps(values)
    return " ".join(map(str, values))
