"""The summary as a table: a row for each case, with the columns that a decision needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tandem_reports.judging import page_faults, watching
from tandem_reports.judging.budget import likeness
from tandem_reports.judging.comparing import taken
from tandem_reports.judging.tradeoff import off
from tandem_reports.numbers import scaled, shown
from tandem_reports.records.placed import bare
from tandem_reports.records.record import Record
from tandem_reports.render import accuracies
from tandem_reports.render.grid import grid

#: Upper ends of intervals from this value on are not shown: they carry no further information.
WIDE = 1_000
#: Below this share of converted multiply-adds, the name of a precision promises too much.
MOSTLY = 0.9
#: From this share of zeros on, a network counts as sparse.
SPARSE = 0.05
#: Processes whose interval is valid and very wide.
TWO = 2


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
    "energy": number("J/sample", "energy", optional=True),
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
    found = record.figure("speedup")
    if not found or found.low is None or found.high is None or taken(record):
        return "", ""
    low, high = found.low, found.high
    return f"{found.value:.2f}x", f"{low:.2f} – {high:.2f}" if high < WIDE else f"above {low:.2f}"


def notes(record: Record) -> str:
    """The remarks in one cell."""
    return "; ".join(remarks(record))


def remarks(record: Record) -> list[str]:
    """Facts that a reader must know before they trust the row."""
    found = [*_disturbances(record), *_placement(record), *watching.words(record)]
    if (record.agreement or {}).get("at_limit"):
        found.append("agreement at its limit")
    converted = record.detail("converted")
    if converted is not None and converted < MOSTLY:
        found.append(f"{converted:.0%} of multiply-adds in {record.precision}")
    found += _session(record)
    found += page_faults.words(record)
    found += _above_roof(record)
    found += filter(None, [likeness(record)])
    if record.detail("leaks", False) is None:
        found.append(f"{record.detail('calls')} calls are too few to tell a leak")
    ratio = record.figure("speedup")
    if record.detail("over") == "rounds":
        found.append("interval within one process only")
    elif ratio and len(ratio.values) == TWO and speedup(record)[1]:
        found.append("interval of two processes")
    if record.compression != "none":
        found.append(compressed(record))
    return found


def _disturbances(record: Record) -> Iterator[str]:
    if record.contended and record.contention is not None:
        told = f"contended: the cores were taken for {record.contention:.0%} of the time by others"
        refused = taken(record) and record.figure("speedup")
        yield told + (", too much to tell a speedup" if refused else "")
    if periods := record.detail("throttled"):
        yield f"throttled: the quota of its container stopped it in {periods} periods"
    gpu = record.detail("gpu")
    if gpu and gpu["throttled"]:
        yield f"throttled in {gpu['throttled']:.0%} of turns ({', '.join(gpu['throttle_reasons'])})"


def _session(record: Record) -> Iterator[str]:
    if record.detail("graphed"):
        yield "CUDA graph"
    if why := record.detail("alone"):
        yield f"a session of its own, as that of all shapes failed: {why}"
    if record.detail("shapes") == 1:
        yield "a new shape needs a session, whose load is in its time"


def _placement(record: Record) -> Iterator[str]:
    placement = record.detail("placement", {})
    for device, nodes in placement.items():
        if device != record.device:
            yield f"{nodes} of {sum(placement.values())} nodes run on {device}"


def _above_roof(record: Record) -> Iterator[str]:
    """A case that is faster than the machine: the ceilings were measured too low."""
    roof = record.detail("roof")
    time_s = record.number("p50") or record.number("mean")
    if roof and time_s and roof["least_s"] > time_s:
        yield f"faster than its measured roof, {roof['least_s'] / time_s:.0%}: that meter may be wrong"


def compressed(record: Record) -> str:
    """The network after compression, and the gain that compression cannot bring."""
    network = record.detail("network")
    off = f"answers {network['distance']:.0%} off those of the whole network"
    size = f"{network['bytes'] / 1e6:.3g} MB, deflated {network['deflated_bytes'] / 1e6:.3g}"
    if network["zeros"] < SPARSE * network["parameters"]:
        return f"{off}; {network['parameters'] / 1e6:.3g} M parameters, {size}"
    zeros = f"{network['zeros'] / network['parameters']:.0%} of weights are zero"
    return f"{off}; {zeros}, but stored and multiplied like others: smaller only when deflated ({size})"


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
