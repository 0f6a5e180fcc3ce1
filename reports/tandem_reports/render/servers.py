"""Table of servers around a session: the parts of a query alone, the most that is served, and its price."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tandem_reports.judging.servers import behind, busiest, mean_batch
from tandem_reports.numbers import scaled
from tandem_reports.records.record import Record
from tandem_reports.render.grid import grid
from tandem_reports.render.table import short_names

LEGEND = (
    "alone: p50 of one query at a time; there: from the client to the server; wait: until the session "
    "begins, with the way there if the server does not tell when a query came; session: its service; back: "
    "the answer; over: later than the session itself in the same batches, with its 95 % interval; most: "
    "answers a second to so many clients that each wait for theirs, in batches of that mean size; at once: "
    "to queries that come all at once; CPU: of a query of those clients; ready: from the start of the server "
    "to its first answer. Times in ms."
)


def render(records: Sequence[Record], style: str = "simple") -> str:
    """A table for each model; empty if no case was behind a server."""
    found = behind(records)
    models = dict.fromkeys(each.name for each in found)
    return "\n\n".join(_of_model([each for each in found if each.name == model], style) for model in models)


def sought(records: Sequence[Record], style: str = "simple") -> str:
    """A table of the highest rates that hold the bound, by batching: foretold and measured."""
    rows = [
        [record.id, words, scaled(each["foretold"].get(words), 1), scaled(rate, 1), _share(each, words, rate)]
        for record in records
        for each in record.detail("sought", ())
        for words, rate in sorted(each["measured"].items(), key=lambda pair: -(pair[1] or 0))
    ]
    headers = ["case", "batching", "foretold/s", "measured/s", "foretold over measured"]
    return grid(rows, headers, style, ["left", "left", "right", "right", "right"]) if rows else ""


def shared(records: Sequence[Record], style: str = "simple") -> str:
    """A table of models on one server: answers a second of each alone, and while all are asked."""
    rows = [
        [record.id, model, scaled(alone, 1), scaled(together, 1), f"{together / alone:.2f}"]
        for record in records
        for each in record.detail("shared", ())
        for model, alone, together in zip(each["models"], each["alone"], each["together"], strict=True)
    ]
    headers = ["case", "model", "alone/s", "together/s", "kept"]
    return grid(rows, headers, style, ["left", "left", "right", "right", "right"]) if rows else ""


def _share(each: Mapping[str, Any], words: str, rate: float | None) -> str:
    foretold = each["foretold"].get(words)
    return f"{foretold / rate:.2f}" if foretold and rate else ""


def _of_model(records: Sequence[Record], style: str) -> str:
    names = short_names(records)
    cells = {header: [cell(each) for each in records] for header, cell in COLUMNS.items()}
    shown = {header: column for header, column in cells.items() if any(column)}
    rows = [list(row) for row in zip([names[each.id] for each in records], *shown.values(), strict=True)]
    return grid(rows, [records[0].name, *shown], style, ["left", *["right"] * len(shown)])


def _part(name: str) -> Callable[[Record], str]:
    return lambda record: scaled(record.detail("single")[name], 1e3)


def _over(record: Record) -> str:
    figure = record.figure("later")
    if figure is None:
        return ""
    ends = f" ({scaled(figure.low, 1e3)} to {scaled(figure.high, 1e3)})" if figure.low is not None else ""
    return f"{scaled(figure.value, 1e3)}{ends}"


def _batch(record: Record) -> str:
    mean = mean_batch(busiest(record))
    return f"{mean:.2g}" if mean > 1 else ""


def _number(record: Record, name: str, scale: float) -> str:
    return scaled(record.number(name), scale)


COLUMNS: dict[str, Callable[[Record], str]] = {
    "alone": _part("p50_s"),
    "there": _part("there_s"),
    "wait": _part("wait_s"),
    "session": _part("service_s"),
    "back": _part("back_s"),
    "over": _over,
    "most/s": lambda record: _number(record, "most", 1),
    "clients": lambda record: str(busiest(record)["clients"]),
    "batch": _batch,
    "at once/s": lambda record: _number(record, "at_once", 1),
    "server CPU": lambda record: scaled(busiest(record)["server_cpu_s"] or None, 1e3),
    "client CPU": lambda record: scaled(busiest(record)["client_cpu_s"] or None, 1e3),
    "MB": lambda record: scaled(busiest(record)["memory_bytes"] or None, 1e-6),
    "ready": lambda record: _number(record, "start", 1e3),
}
