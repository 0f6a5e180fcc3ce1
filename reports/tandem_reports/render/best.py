"""The best case of each model within limits, as text or as JSON."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from textwrap import indent
from typing import Any

from tabulate import tabulate

from tandem_reports.judging.best import Choice, by_latency, megabytes, memory
from tandem_reports.judging.comparing import faster, place, taken, undecided
from tandem_reports.judging.prices import Prices
from tandem_reports.judging.tradeoff import off
from tandem_reports.numbers import scaled
from tandem_reports.records.record import Record
from tandem_reports.render import accuracies
from tandem_reports.render.remarks import notes
from tandem_reports.render.table import speedup

#: Options of a run that change its numbers: they are part of the command if the run's command has them.
SETTINGS = (
    "reference", "weights", "threads", "budget", "invocations", "dataset", "calibration", "allocator",
    "bind-threads", "profile", "shapes", "page-cache", "calls", "fleet", "fleet-python", "fleet-folder",
)  # fmt: skip
#: Cases that can be compared.
FEWEST = 2


def render(choices: Iterable[Choice], command: str) -> str:
    """A paragraph for each model; ``command`` is that of the run."""
    return "\n\n".join("\n".join(lines(choice, command)) for choice in choices)


def lines(choice: Choice, command: str) -> Iterable[str]:
    yield choice.title
    if not choice.qualified:
        yield "  nothing qualifies"
        if nearest := choice.nearest:
            yield f"  nearest: {nearest.record.id}: {reason(nearest.reason, nearest.limit)}"
    else:
        shown = list(zip(("best", "runner-up"), choice.qualified[:2], strict=False))
        rows = [(place, record.id, *cells(record), *cost(choice, record)) for place, record in shown]
        yield indent(tabulate(rows, tablefmt="plain", disable_numparse=True), "  ")
        if remark := beside(choice.qualified):
            yield f"  the runner-up may be as quick: {remark}"
        yield from (f"  note: {record.id}: {found}" for _, record in shown if (found := notes(record)))
        if choice.qualified[0].options:
            yield f"  again: {again(choice.qualified[0], command)}"
    counts = Counter(each.limit for each in choice.excluded)
    for limit, count in counts.items():
        example = next(each for each in choice.excluded if each.limit == limit)
        cases = f"{count} case{'s' if count > 1 else ''}"
        yield f"  excluded: {cases}, for example {example.record.id}: {reason(example.reason, limit)}"


def reason(words: str, limit: str) -> str:
    return f"{words} ({limit})" if limit else words


def cells(record: Record) -> Sequence[str]:
    """The figures of a decision."""
    held = memory(record)
    ratio, interval = speedup(record)
    return (
        f"{scaled(by_latency(record), 1e3)} ms",
        f"{scaled(record.number('throughput'), 1)} samples/s",
        f"{ratio} ({interval})" if ratio else "",
        f"error {off(record):.1e}",
        accuracies.short(record.detail("accuracy")),
        megabytes(held) if held is not None else "",
    )


def cost(choice: Choice, record: Record) -> Sequence[str]:
    """What an hour of its machine costs, and a million samples; empty without prices."""
    if not isinstance(prices := choice.prices, Prices):
        return ()
    million = scaled(prices.of_samples(record, 1_000_000), 1)
    return (f"{scaled(prices.hourly[record.machine], 1)}/h", f"{million} for a million samples")


def beside(qualified: Sequence[Record]) -> str:
    """A remark if the intervals of the best two do not say that the first is faster; empty otherwise."""
    if len(qualified) < FEWEST:
        return ""
    first, second = qualified[:2]
    if taken(first) or taken(second):
        return "others held the cores for too long to tell which one is faster"
    if place(first) == place(second) and faster(second, first):
        return "in turn with the reference it is the faster one"
    return "their intervals overlap" if undecided(first, second) else ""


def again(record: Record, command: str) -> str:
    """The command that measures this case again, as the run did."""
    try:
        words = shlex.split(command)
    except ValueError:  # it was edited
        words = []
    kept = list[str]()
    for name in (f"--{each}" for each in SETTINGS if f"--{each}" not in record.options):
        given = [words[at:][:2] for at, word in enumerate(words) if word == name]
        given += [[word] for word in words if word.startswith(f"{name}=")]
        kept += given[-1] if given else []
    return shlex.join(["tandem", "bench", *record.options, *kept])


def to_json(choices: Iterable[Choice], command: str) -> str:
    """A list with an object for each model."""
    return json.dumps([described(choice, command) for choice in choices], indent=1)


def described(choice: Choice, command: str) -> Mapping[str, Any]:
    best = choice.qualified[0] if choice.qualified else None
    nearest = choice.nearest
    return {
        "model": choice.title,
        "best": best.to_dict() if best is not None else None,
        "command": again(best, command) if best is not None else None,
        "runner_up": next((record.id for record in choice.qualified[1:]), None),
        "qualified": [record.id for record in choice.qualified],
        "excluded": [
            {"case": each.record.id, "limit": each.limit, "reason": each.reason} for each in choice.excluded
        ],
        **({"price_per_hour": choice.prices.hourly} if isinstance(choice.prices, Prices) else {}),
        "nearest": nearest.record.id if nearest and best is None else None,
    }
