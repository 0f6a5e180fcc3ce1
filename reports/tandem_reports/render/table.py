"""The summary as a table: a row for each case, with the columns that a decision needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tandem_reports.judging.comparing import told_speedup
from tandem_reports.judging.tradeoff import off
from tandem_reports.numbers import scaled, shown
from tandem_reports.records.placed import bare
from tandem_reports.records.record import Record
from tandem_reports.render import accuracies
from tandem_reports.render.grid import grid
from tandem_reports.render.remarks import notes

#: Upper ends of intervals from this value on are not shown: they carry no further information.
WIDE = 1_000


@dataclass(frozen=True, slots=True)
class Column:
    """A header and its cells; an optional column is left out if no record fills it."""

    header: str
    cell: Callable[[Record], str]
    optional: bool = False
    #: The number behind the text of a cell; None if there is none.
    value: Callable[[Record], float | None] = lambda _record: None


def number(header: str, name: str, scale: float = 1.0, optional: bool = False) -> tuple[Column, ...]:
    """The column of a figure."""

    def value(record: Record) -> float | None:
        return record.number(name)

    return (Column(header, lambda record: scaled(value(record), scale), optional, value),)


def lower_end(record: Record) -> float | None:
    """The lower end of the interval of the speedup."""
    found = record.figure("speedup")
    return found.low if found and speedup(record)[1] else None


#: Columns by the name of a figure, in the order of a table.
COLUMNS: dict[str, tuple[Column, ...]] = {
    "p50": number("p50 ms", "p50", 1e3),
    "p90": number("p90 ms", "p90", 1e3),
    "p95": number("p95 ms", "p95", 1e3),
    "p99": number("p99 ms", "p99", 1e3),
    "device_p50": number("device p50 ms", "device_p50", 1e3, optional=True),
    "throughput": number("samples/s", "throughput"),
    "speedup": (
        Column("speedup", lambda record: speedup(record)[0], value=lambda record: record.number("speedup")),
        Column("95 % interval", lambda record: speedup(record)[1], value=lower_end),
    ),
    "of_roof": number("% of roof", "of_roof", 1e2, optional=True),
    "error": (Column("error", lambda record: f"{off(record):.1e}", value=off),),
    "accuracy": (
        Column(
            "accuracy",
            lambda record: accuracies.short(record.detail("accuracy")),
            optional=True,
            value=lambda record: record.number("top1"),
        ),
    ),
    "peak_rss": number("peak MB", "peak_rss", 1e-6),
    "vram": number("VRAM MB", "vram", 1e-6, optional=True),
    # A meter says nothing of what is outside its boundary.
    **{
        f"{name}_{what}": number(f"{unit}, {name.replace('_', ' ')}", f"{name}_{what}", optional=True)
        for name in ("gpu_board", "cpu_packages", "platform")
        for what, unit in (("energy", "J/sample"), ("idle", "idle W"))
    },
    "artifact": number("artifact MB", "artifact", 1e-6),
    "build": number("build s", "build"),
}


def columns_of(records: Sequence[Record]) -> list[Column]:
    """The columns of a table, as the records' sections name them."""
    names = dict.fromkeys(name for record in records for name in record.columns())
    ordered = [name for name in COLUMNS if name in names] if names.keys() <= COLUMNS.keys() else names
    found = [column for name in ordered for column in COLUMNS.get(name) or (plain(name, records),)]
    kept = [each for each in found if not each.optional or any(each.cell(record) for record in records)]
    kept += [Column("machine", lambda each: each.machine)] if any(each.machine for each in records) else []
    return [Column("case", lambda record: record.id), *kept, Column("notes", notes)]


def plain(name: str, records: Sequence[Record]) -> Column:
    """The column of any other figure: its name, its unit, and its interval if it has one."""
    unit = next((figure.unit for record in records if (figure := record.figure(name))), "")
    scale, word = shown(unit)

    def cell(record: Record) -> str:
        figure = record.figure(name)
        if figure is None:
            return ""
        low, high = scaled(figure.low, scale), scaled(figure.high, scale)
        return scaled(figure.value, scale) + (f" ({low} – {high})" if low and high else "")

    header = f"{name.replace('_', ' ')} {word}".strip()
    return Column(header, cell, optional=True, value=lambda record: record.number(name))


def render(records: Iterable[Record], style: str = "simple") -> str:
    """The ``ok`` records, in a style of ``tabulate``: a table for each question."""
    records = list(records)
    whole = [record for record in records if record.status == "ok"]
    if not whole:
        return empty(records)
    asked = dict.fromkeys(record.scenario for record in whole)
    return "\n\n".join(_table([each for each in whole if each.scenario == one], style) for one in asked)


def _table(records: Sequence[Record], style: str) -> str:
    columns = columns_of(records)
    rows = [[column.cell(record) for column in columns] for record in records]
    headers = [column.header for column in columns]
    alignment = ("left", *["right"] * (len(headers) - 2), "left")
    return grid(rows, headers, style, alignment)


def empty(records: Iterable[Record]) -> str:
    """A sentence in place of a table: the number of cases with each status."""
    records = list(records)
    counts = Counter(record.status for record in records)
    if counts["ok"]:
        asked = dict.fromkeys(each.scenario.replace("_", " ") for each in records if each.status == "ok")
        return f"no case has a latency: this run asked for {', '.join(asked)}"
    found = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    return f"no case was timed{found and f': {found}'}"


def speedup(record: Record) -> tuple[str, str]:
    """The speedup and its interval; empty if others had the cores for too long."""
    found = told_speedup(record)
    if not found or found.low is None or found.high is None:
        return "", ""
    low, high = found.low, found.high
    return f"{found.value:.2f}x", f"{low:.2f} – {high:.2f}" if high < WIDE else f"above {low:.2f}"


def short_names(records: Sequence[Record]) -> Mapping[str, str]:
    """Short names below the title of a model; without the device, and the machine, if there is only one."""
    devices, machines = {record.device for record in records}, {record.machine for record in records}
    ending = f"-{devices.pop()}" if len(devices) == 1 else ""

    def short(record: Record) -> str:
        name = bare(record.id, record.machine).partition("@")[0]
        where = f" on {record.machine}" if len(machines) > 1 else ""
        return f"{name.removeprefix(f'{record.name}-').removesuffix(ending)}{where}"

    return {record.id: short(record) for record in records}


def title(records: Iterable[Record], usual: str) -> str:
    """Title of a table: the reference of its speedups, or the questions that were asked."""
    records = list(records)
    timed = [record for record in records if record.status == "ok"]
    if not timed or any(record.figure("speedup") for record in timed):
        return f"speedup over {references(records, usual)}, timed in turn"
    return ", ".join(dict.fromkeys(record.scenario.replace("_", " ") for record in timed))


def references(records: Iterable[Record], usual: str) -> str:
    """References of the speedups: a file that the usual reference cannot run has one of its own."""
    found = dict.fromkeys(record.detail("reference") for record in records if record.figure("speedup"))
    return " and ".join(" ".join(str(each).split()) for each in found if each) or usual
