"""The summary as Markdown: for a comment on a pull request, a CI step, a notebook."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tandem_reports import findings
from tandem_reports.judging import causes
from tandem_reports.judging.comparability import card
from tandem_reports.records.record import Record
from tandem_reports.render import (
    answer,
    budget,
    curves,
    faults,
    layers,
    loads,
    machines,
    operators,
    servers,
    streams,
    table,
    verdicts,
)
from tandem_reports.render.grid import MARKDOWN, named, plain

#: Most letters of a comment on GitHub are 65,536. Parts that come later are left out, with a line on them.
MOST = 65_000
#: Most rows of a table that stays open.
OPEN = 12


def render(
    records: Sequence[Record],
    environment: Mapping[str, Any],
    settings: Mapping[str, Any],
    judged: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Verdicts and the answer come first; long tables are folded."""
    machine, versions = environment["machine"], listed(environment["versions"])
    reference = table.references(records, settings["reference"])
    cores = f"{settings['threads']} of {machine['cores']} cores"
    told = answer.sentences(records)
    head = "The cases were given out by: " if environment.get("machines") else ""
    parts = [
        "# Tandem",
        *(
            ["## Judged", folded(verdicts.render(judged, MARKDOWN), "verdicts", len(judged))]
            if judged
            else []
        ),
        *map(plain, told),
        *map(plain, answer.caveats(records) if told else []),
        *_findings(records, environment),
        "## Cases",
        *([caption(reference)] if any(record.figure("speedup") for record in records) else []),
        folded(table.render(records, MARKDOWN), "cases", len(records)),
        *_steps(records),
        *_video(records),
        *_loads(records),
        *_curves(records),
        *_causes(records),
        "## Environment",
        code(environment["command"]),
        *(plain(f"{each}.") for each in machines.sentences(environment)),
        plain(f"{head}{machine['cpu']}, {cores}{card(machine)}, Python {environment['python']}; {versions}."),
        *(
            plain(f"{backend} in another environment: Python {other['python']}; {listed(other['versions'])}.")
            for backend, other in environment.get("elsewhere", {}).items()
        ),
    ]
    return short(parts)


def short(parts: Sequence[str]) -> str:
    """The parts, as many as fit; what does not fit is counted."""
    kept, size = list[str](), 0
    for part in parts:
        if size + len(part) <= MOST:
            kept.append(part)
            size += len(part) + len("\n\n")
    if len(kept) < len(parts):
        kept.append(
            f"({len(parts) - len(kept)} parts are too long for a comment: see `index.html` of the run.)"
        )
    return "\n\n".join(kept) + "\n"


def folded(text: str, what: str, count: int) -> str:
    """A table; a long one opens at a click."""
    if count <= OPEN:
        return text
    return f"<details><summary>{count} {what}</summary>\n\n{text}\n\n</details>"


def code(text: str) -> str:
    """A text as code: between more backticks than it has in a row."""
    line = " ".join(text.splitlines())
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}" if longest else f"`{line}`"


def _findings(records: Sequence[Record], environment: Mapping[str, Any]) -> list[str]:
    found = findings.of_run(records, environment)
    return ["## Findings", "\n".join(f"- {plain(str(each))}" for each in found)] if found else []


def _steps(records: Sequence[Record]) -> list[str]:
    """Where the time goes: steps of requests, and the slowest operators."""
    found = budget.tables(records, MARKDOWN)
    parts = ["## Where the time goes", "Milliseconds of each part, and its share.", *found] if found else []
    for case, slowest in operators.tables(records, MARKDOWN):
        parts += [f"The slowest operators of {code(case)}:", slowest]
    for case, other, beside in layers.tables(records, MARKDOWN):
        parts += [f"{code(case)} beside {code(other)}, milliseconds of a call:", beside]
    return parts


def _video(records: Sequence[Record]) -> list[str]:
    """What became of the frames of streams, and what a controller chose."""
    parts = list[str]()
    for title, told, legend in streams.sections(records, MARKDOWN):
        parts += [f"## {plain(title[0].upper() + title[1:])}", told, plain(legend)]
    return parts


def _loads(records: Sequence[Record]) -> list[str]:
    """What servers add, and latency at each level of load."""
    behind, found = servers.render(records, MARKDOWN), loads.render(records, MARKDOWN)
    parts = ["## Servers", behind, plain(servers.LEGEND)] if behind else []
    if batchings := servers.sought(records, MARKDOWN):
        parts += ["### Rates within the bound", batchings]
    if sharing := servers.shared(records, MARKDOWN):
        parts += ["### Models on one server", sharing]
    if broken := faults.render(records, MARKDOWN):
        parts += ["## Faults of servers", broken, plain(faults.LEGEND)]
    return [*parts, *(["## Under load", found, plain(loads.LEGEND)] if found else [])]


def _curves(records: Sequence[Record]) -> list[str]:
    """What a larger batch, more threads and larger samples bring."""
    found = list(curves.tables(records, MARKDOWN))
    parts = ["## Curves", plain(curves.LEGEND)] if found else []
    for name, drawn in found:
        parts += [f"{name[0].upper()}{name[1:]}:", drawn]
    return parts


def caption(reference: str) -> str:
    over = f"Speedup over {plain(reference)} of the same batch, timed in turn"
    return f"{over}; error against the whole network's fp64."


def listed(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def _causes(records: Sequence[Record]) -> list[str]:
    """What failed and was skipped; a reason that several cases share is told once."""
    parts = []
    for title, status in (("Failed", "failed"), ("Skipped", "skipped")):
        found = [cause for cause in causes.find(records) if cause.status == status]
        lines = [f"- {named(list(map(code, cause.cases)))}: {plain(cause.line)}" for cause in found]
        parts += [f"## {title}", "\n".join(lines)] if lines else []
    return parts
