"""Summary of a run."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from tandem_reports import findings
from tandem_reports.judging.gate import APART
from tandem_reports.judging.session import Judging, blemishes, no_baselines
from tandem_reports.records.record import Record
from tandem_reports.records.results import Results
from tandem_reports.records.verdict import INCONCLUSIVE
from tandem_reports.render import (
    answer,
    budget,
    curves,
    faults,
    fitted,
    layers,
    loads,
    operators,
    rates,
    servers,
    streams,
    table,
    verdicts,
)


def sections(results: Results, judging: Judging, width: int | None = None) -> Iterator[tuple[str, list[str]]]:
    """Sections of the summary: a title, and the lines below it.

    ``width`` is that of a terminal; None for a log, which shows all columns.
    """
    yield (
        f"tandem: {table.title(results.records.values(), results.settings['reference'])}",
        timed(results, judging, width),
    )
    records = list(results.records.values())
    if steps := budget.tables(records):
        yield "tandem: where the time goes, ms and share", ["\n\n".join(steps)]
    if drawn := list(curves.tables(records)):
        yield (
            "tandem: curves",
            ["\n\n".join(f"{title}\n\n{each}" for title, each in drawn), "", curves.LEGEND],
        )
    yield from _loads(records, width)
    for case, slowest in operators.tables(records):
        yield f"tandem: the slowest operators of {case}", [slowest]
    for case, other, table_of in layers.tables(records):
        yield f"tandem: {case} beside {other}, ms of a call", [table_of]
    if told := findings.of_run(records, results.environment):
        yield "tandem: findings", [wrapped(f"- {each}", width, "  ") for each in told]
    if judging.judge:
        shown = "" if judging.failing else ", only shown"
        yield f"tandem: the gate, {judging.policy.gate:.1%}{shown}", judged(results, judging)


def _video(records: Sequence[Record], width: int | None) -> Iterator[tuple[str, list[str]]]:
    for title, told, legend in streams.sections(records):
        yield f"tandem: {title}", [told, "", wrapped(legend, width)]


def _loads(records: Sequence[Record], width: int | None) -> Iterator[tuple[str, list[str]]]:
    if behind := servers.render(records):
        yield "tandem: servers", [behind, "", wrapped(servers.LEGEND, width)]
    if batchings := servers.sought(records):
        yield "tandem: rates within the bound", [batchings]
    if sharing := servers.shared(records):
        yield "tandem: models on one server", [sharing]
    if broken := faults.render(records):
        yield "tandem: faults of servers", [broken, "", wrapped(faults.LEGEND, width)]
    yield from _video(records, width)
    if under := loads.render(records):
        yield "tandem: under load", [under, "", wrapped(loads.LEGEND, width)]


def wrapped(text: str, width: int | None, indent: str = "") -> str:
    """A text in lines of at most ``width``; unchanged in a log."""
    return textwrap.fill(text, width, subsequent_indent=indent) if width else text


def timed(results: Results, judging: Judging, width: int | None) -> list[str]:
    """The table; the reasons if every case was skipped; the saved cases that are no baseline."""
    records = list(results.records.values())
    fit = fitted.render(records, width) if width else []
    told = answer.sentences(records)
    told += answer.caveats(records) if told else []
    lines = [
        *(fit or [table.render(records)]),
        *(f"\n{wrapped(text, width)}" for text in told),
    ]
    if all(record.status == "skipped" for record in records):
        lines += [f"- {reason}" for reason in dict.fromkeys(record.outcome for record in records)]
    if files := [file for record in records if (file := record.detail("profile"))]:
        lines.append(f"\n{len(files)} profile{'s' if len(files) > 1 else ''} in {Path(files[0]).parent}")
    if judging.saving and (names := no_baselines(records)):
        lines.append(
            f"\nsaved, but no baseline, as other programs disturbed them: {', '.join(names)}; save them again"
            " on an idle machine, or with fewer --threads"
        )
    return lines


def judged(results: Results, judging: Judging) -> list[str]:
    """The verdicts; a note if the saved run does not become the baseline."""
    found = results.verdicts()
    lines = [
        verdicts.render(found),
        *([verdicts.READ] if found else []),
        rates.false_alarms(results.folder.parent, judging.policy.gate),
    ]
    if planted := results.settings.get("slowdown"):
        lines.append(f"\na slowdown of {planted:.0%} was planted in every case (--slowdown)")
    undecided = [each for each in found if each["kind"] == INCONCLUSIVE]
    if judging.failing and not judging.policy.strict and undecided:
        lines.append("\nan inconclusive case fails the run with --gate-strict alone")
        if not all(each["reason"].startswith(APART) for each in undecided):
            lines[-1] += "; an idle machine, fewer --threads or a new baseline decides it"
    if judging.saving and blemishes(results.verdicts()):
        lines.append(
            "\nsaved, but it does not become the baseline; to accept these times from now on:"
            " tandem promote NUMBER"
        )
    return lines
