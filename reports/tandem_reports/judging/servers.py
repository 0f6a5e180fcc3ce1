"""What records tell of servers around a session."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tandem_reports.records.record import Record


def behind(records: Sequence[Record]) -> list[Record]:
    """Cases that were asked behind a server, or in its place at the session itself."""
    return [each for each in records if each.detail("single")]


def starts(record: Record) -> bool:
    """True if a server of its own was started."""
    return bool(record.detail("single")) and record.number("start") is not None


def busiest(record: Record) -> Mapping[str, Any]:
    """The closed loop that served most."""
    found: Mapping[str, Any] = max(record.detail("closed"), key=lambda loop: loop["rate"])
    return found


def mean_batch(loop: Mapping[str, Any]) -> float:
    sizes = {int(size): count for size, count in loop["batches"].items()}
    return float(sum(size * count for size, count in sizes.items()) / sum(sizes.values()))


def around_one_session(records: Sequence[Record]) -> Iterator[list[Record]]:
    """Servers and batchings around the same session, with the same bound; at least two of them."""
    groups = dict[str, list[Record]]()
    for each in filter(starts, records):
        own = {name: value for name, value in each.case.items() if name != "traffic"}
        groups.setdefault(f"{own} {each.detail('bound')}", []).append(each)
    yield from (group for group in groups.values() if len(group) > 1)
