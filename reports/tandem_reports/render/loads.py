"""Table of cases under load: a row for each level."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tandem_reports.judging.loads import Level, under_load
from tandem_reports.numbers import scaled
from tandem_reports.records.record import Record
from tandem_reports.render.grid import grid
from tandem_reports.render.table import short_names

LEGEND = (
    "busy: rate over the highest one that is served at all; foretold: p50 and p99 of the queue, from times "
    "of service measured before and after; wait: from arrival to service; late: p99 of the generator behind "
    "its schedule; bias: what it and the hand-over add to p50; judged: "
    "the percentile of the bound; LoadGen: its own verdict, over processes. Times in ms."
)


def _milliseconds(value: float | None) -> str:
    return scaled(value, 1e3)


def _with_interval(level: Level, name: str) -> str:
    found = level.interval(name)
    ends = f" ({_milliseconds(found[0])} to {_milliseconds(found[1])})" if found else ""
    return f"{_milliseconds(level.seconds(name))}{ends}"


def _both(level: Level) -> str:
    found = [_milliseconds(level.foretold(name)) for name in ("p50", "p99")]
    return ", ".join(filter(None, found))


#: Headers and cells. A column without any cell is left out.
COLUMNS: tuple[tuple[str, Callable[[Level], str]], ...] = (
    ("rate/s", lambda level: scaled(level.rate, 1)),
    ("busy", lambda level: f"{level.utilisation:.0%}" if level.utilisation else ""),
    ("queries", lambda level: str(level.told["queries"])),
    ("p50", lambda level: _milliseconds(level.seconds("p50"))),
    ("p99", lambda level: _with_interval(level, "p99")),
    ("judged", lambda level: _milliseconds(level.told.get("judged_s"))),
    ("foretold", _both),
    ("wait p99", lambda level: _milliseconds((level.told.get("waits") or {}).get("p99"))),
    ("batch", lambda level: f"{level.mean_batch:.2g}" if level.mean_batch > 1 else ""),
    ("late", lambda level: _milliseconds(level.told.get("late_p99_s"))),
    ("bias", lambda level: _milliseconds(level.told.get("bias_s"))),
    ("lost", lambda level: str(level.told["lost"] or "")),
    ("LoadGen", lambda level: level.verdict),
    ("doubt", lambda level: ", ".join(level.doubts)),
)


def render(records: Sequence[Record], style: str = "simple") -> str:
    """A table for each model; empty if no case was under load."""
    models = dict.fromkeys(level.record.name for level in under_load(records))
    tables = (_of_model([each for each in records if each.name == model], style) for model in models)
    return "\n\n".join(tables)


def _of_model(records: Sequence[Record], style: str) -> str:
    """The levels of a model. The name of a case stands before its first one."""
    found, names = list(under_load(records)), short_names(records)
    cells = {header: [cell(level) for level in found] for header, cell in COLUMNS}
    shown = {header: column for header, column in cells.items() if any(column)}
    firsts = {level.record.id: index for index, level in reversed(list(enumerate(found)))}
    ids = [level.record.id for level in found]
    cases = [names[each] if firsts[each] == index else "" for index, each in enumerate(ids)]
    rows = [list(row) for row in zip(cases, *shown.values(), strict=True)]
    return grid(rows, [found[0].record.name, *shown], style, ["left", *["right"] * len(shown)])
