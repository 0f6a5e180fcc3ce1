"""Speed beside error, right answers, size and memory: a table and a plot for the choice of a case."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from tabulate import tabulate

from tandem_reports.judging.tradeoff import (
    error,
    off,
    ordered,
    over_best_batch,
    pareto,
    seconds_per_sample,
    wrong,
)
from tandem_reports.records.record import Record
from tandem_reports.render import accuracies
from tandem_reports.render.table import empty, notes, scaled, speedup

HEADERS = ("", "case", "speedup", "95 % interval", "samples/s", "over best batch", "error", "accuracy",
           "artifact MB", "peak MB", "notes")  # fmt: skip
MARK = "*"
#: Styles of ``tabulate``, by the words of ``--format``.
STYLES = {"text": "simple", "md": "github", "html": "html"}
#: Start of the axis of errors: it is logarithmic, and some answers are exact.
SMALLEST_ERROR = 1e-8
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
        parts.append(tabulate(rows, HEADERS, STYLES[style], colalign=alignment, disable_numparse=True))
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


def plot(records: Sequence[Record], path: Path) -> None:
    """A panel for each model, speed against error, as PNG, SVG or PDF by the file's name.

    Raises ``ModuleNotFoundError`` without matplotlib, ``ValueError`` for an unknown kind of file.
    """
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    measured = [record for record in records if record.status == "ok"]
    best, models = pareto(measured), list(dict.fromkeys(record.model for record in measured))
    figure, panels = plt.subplots(
        len(models), 1, figsize=(11, 5.5 * len(models)), squeeze=False, layout="constrained"
    )
    colours = {
        name: f"C{at % 10}" for at, name in enumerate(dict.fromkeys(each.backend for each in measured))
    }
    for model, panel in zip(models, panels[:, 0], strict=True):
        chosen = ordered([each for each in measured if each.model == model], "throughput")
        draw(panel, chosen, best, colours)
    figure.savefig(path, dpi=120)
    plt.close(figure)


def draw(panel: Any, chosen: Sequence[Record], best: Collection[str], colours: Mapping[str, str]) -> None:
    """The cases of a model in a panel of matplotlib."""
    figure_of = error(chosen)
    for number, each in enumerate(chosen, 1):
        at = (1 / seconds_per_sample(each), max(figure_of(each), SMALLEST_ERROR))
        colour = colours[each.backend]
        label = f"{number}  {each.id.removeprefix(f'{each.name}-')}"
        face = colour if each.id in best else "none"
        panel.plot(*at, "o", color=colour, markerfacecolor=face, label=label)
        panel.annotate(str(number), at, xytext=(4, 3), textcoords="offset points", fontsize=7)
    title = f"{chosen[0].name} (filled: nothing beats it, and its answers are not noise)"
    panel.set_title(title, loc="left", fontsize=10)
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.xaxis.set_major_formatter("{x:g}")
    panel.xaxis.set_minor_formatter("{x:g}")
    panel.set_xlabel("samples a second")
    panel.set_ylabel("share of wrong answers" if figure_of is wrong else "error against fp64")
    panel.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), fontsize=7, frameon=False)
