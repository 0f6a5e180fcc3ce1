"""Speed beside error, right answers, size and memory: a table for the choice of a case."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tandem_reports.judging.tradeoff import (
    off,
    ordered,
    over_best_batch,
    pareto,
)
from tandem_reports.numbers import scaled
from tandem_reports.records.record import Record
from tandem_reports.render import accuracies
from tandem_reports.render.grid import grid
from tandem_reports.render.remarks import notes
from tandem_reports.render.table import empty, speedup

HEADERS = ("", "case", "speedup", "95 % interval", "samples/s", "over best batch", "error", "accuracy",
           "artifact MB", "peak MB", "notes")  # fmt: skip
MARK = "*"
#: Styles of ``tabulate``, by the words of ``--format``.
STYLES = {"text": "simple", "md": "github", "html": "html"}
LEGEND = (
    f"{MARK}: a good choice. No other case of the model is better in one of speed, error and memory and at "
    "least as good in the other two; its answers are not noise. error: RMSE from the answers of the whole "
    "network in fp64, divided by their RMS. "
    "over best batch: samples/s over those of {reference} at its own best batch size"
)


def render(records: Sequence[Record], reference: str, order: str, style: str = "text") -> str:
    """A table for each model, sorted; ``order`` is one of ``ORDERS``, ``style`` one of ``STYLES``."""
    best, ratios = pareto(records), over_best_batch(records, reference)
    parts = list[str]()
    for model in dict.fromkeys(record.model for record in records if record.status == "ok"):
        chosen = [each for each in records if each.model == model and each.status == "ok"]
        rows = [row(each, each.id in best, ratios.get(each.id)) for each in ordered(chosen, order)]
        alignment = ("left", "left", *["right"] * (len(HEADERS) - 3), "left")
        parts.append(grid(rows, HEADERS, STYLES[style], alignment))
    if not parts:
        return f"{empty(records)}{'; its summary.md says why' if records else ''}"
    legend = LEGEND.format(reference=reference)
    return "\n\n".join([*parts, f"<p>{escape(legend)}</p>" if style == "html" else legend])


def row(record: Record, marked: bool, ratio: float | None) -> Sequence[str]:
    return (
        MARK if marked else "",
        record.id,
        *speedup(record),
        scaled(record.number("throughput"), 1),
        f"{ratio:.2f}x" if ratio else "",
        f"{off(record):.1e}",
        accuracies.short(record.detail("accuracy")),
        scaled(record.number("artifact"), 1e-6),
        scaled(record.number("peak_rss"), 1e-6),
        notes(record),
    )
