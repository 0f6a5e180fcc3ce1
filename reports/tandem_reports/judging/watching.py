"""What a reader must know of streams of video before they trust a row."""

from __future__ import annotations

from collections.abc import Iterator

from tandem_reports.records.record import Record


def words(record: Record) -> Iterator[str]:
    """Remarks; none for a case without streams."""
    if told := record.detail("emulated"):
        yield f"emulated: {told}"
    broken = max((len(level["broken"]) for level in record.detail("watched") or ()), default=0)
    if broken:
        yield f"{broken} stream{'s' if broken > 1 else ''} ended early"
