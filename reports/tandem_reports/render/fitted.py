"""The table of a terminal: the columns that fit its width, the quickest case first, notes as footnotes."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby

from tandem_reports.judging.best import PERCENTILES, by_latency, choose, title
from tandem_reports.judging.tradeoff import work
from tandem_reports.records.record import Record
from tandem_reports.render.remarks import remarks
from tandem_reports.render.table import Column, columns_of, short_names

#: Headers in the order in which they get room. All others follow, in the order of the table.
FIRST = (
    "p50 ms",
    "speedup",
    "95 % interval",
    "error",
    "samples/s",
    "p95 ms",
    "accuracy",
    "p90 ms",
    "peak MB",
)
#: Spaces between two columns, and the marks of the best case of a model and of any other.
GAP, BEST, OTHER = "  ", "* ", "  "
LEGEND = "*: the quickest call of its model"


def render(records: Sequence[Record], width: int) -> list[str]:
    """Lines of at most ``width`` letters, if the names of the cases leave room: a table for each scenario."""
    whole = [record for record in records if record.status == "ok"]
    lines = list[str]()
    for scenario in dict.fromkeys(record.scenario for record in whole):
        if lines:
            lines.append("")
        lines += _table([record for record in whole if record.scenario == scenario], width)
    return lines


def _table(records: Sequence[Record], width: int) -> list[str]:
    records = sorted(records, key=partial(_place, list(dict.fromkeys(map(work, records)))))
    _, *columns, _ = columns_of(records)
    ranked, names = sorted(columns, key=_rank), short_names(records)
    layout = _Layout(records, names, columns)
    while layout.width > width and ranked:
        ranked.pop()
        layout = _Layout(records, names, [column for column in columns if column in ranked])
    best = {choice.qualified[0].id for choice in choose(records, [], by_latency) if len(choice.qualified) > 1}
    lines = [layout.line(OTHER, layout.heads)]
    for _, group in groupby(records, key=work):
        cases = list(group)
        lines.append(title(cases[0]))
        lines += [layout.line(BEST if each.id in best else OTHER, layout.rows[each.id]) for each in cases]
    lines += ["", *([LEGEND] if best else [])]
    for text in layout.common:
        lines += textwrap.wrap(f"all: {text}", width, subsequent_indent="   ")
    for text, number in layout.footnotes.items():
        lines += textwrap.wrap(f"{number}: {text}", width, subsequent_indent="   ")
    return lines


class _Layout:
    """Cells of a table with some of its columns, and the width that they take."""

    def __init__(
        self, records: Sequence[Record], names: Mapping[str, str], columns: Sequence[Column]
    ) -> None:
        found = {record.id: self._remarks(record, columns) for record in records}
        #: Remarks on all rows; those on some are numbered.
        self.common = [text for text in found[records[0].id] if all(text in each for each in found.values())]
        texts = dict.fromkeys(text for each in found.values() for text in each if text not in self.common)
        self.footnotes = {text: number for number, text in enumerate(texts, 1)}
        self.heads = ["", *(column.header for column in columns), ""]
        self.rows = {
            record.id: [
                names[record.id],
                *(column.cell(record) for column in columns),
                " ".join(str(self.footnotes[text]) for text in found[record.id] if text in self.footnotes),
            ]
            for record in records
        }
        cells = [self.heads, *self.rows.values()]
        self._widths = [max(len(row[at]) for row in cells) for at in range(len(self.heads))]

    @property
    def width(self) -> int:
        return len(OTHER) + sum(self._widths) + len(GAP) * (len(self._widths) - 1)

    def line(self, mark: str, cells: Sequence[str]) -> str:
        """A row: the first and the last column to the left, all others to the right."""
        first, *middle, last = cells
        sizes = zip(middle, self._widths[1:], strict=False)
        padded = [first.ljust(self._widths[0]), *(cell.rjust(size) for cell, size in sizes), last]
        return (mark + GAP.join(padded)).rstrip()

    @staticmethod
    def _remarks(record: Record, columns: Sequence[Column]) -> list[str]:
        """Remarks on a row, also on its percentiles that are shown and unknown."""
        heads, found = [column.header for column in columns], remarks(record)
        for name, bounded in PERCENTILES.items():
            if f"{name} ms" in heads and bounded.value(record) is None:
                found.append(f"{name} {bounded.missing(record)}")
        return found


def _rank(column: Column) -> int:
    return FIRST.index(column.header) if column.header in FIRST else len(FIRST)


def _place(works: Sequence[tuple[object, ...]], record: Record) -> tuple[int, int, float]:
    """Sort key: models in the order of the run, then batch size, then speed."""
    return works.index(work(record)), record.batch, by_latency(record)
