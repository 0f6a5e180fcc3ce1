"""The page of a run: the answer, findings, charts, and all cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from tandem_reports import charts, findings
from tandem_reports.charts import speed
from tandem_reports.judging import causes
from tandem_reports.judging.best import PERCENTILES, Choice
from tandem_reports.judging.comparability import card
from tandem_reports.judging.tradeoff import is_choice
from tandem_reports.numbers import shown
from tandem_reports.page import document
from tandem_reports.records import samples
from tandem_reports.records.record import Record, Section
from tandem_reports.records.stored import Told
from tandem_reports.records.verdict import KINDS
from tandem_reports.render import answer, machines, remarks, streams, table, verdicts
from tandem_reports.render.best import again, cells

#: Columns in which higher is better: they are sorted downwards first.
HIGHER = ("samples/s", "speedup", "95 % interval", "% of roof", "accuracy")


def render(folder: Path, run: Told) -> str:
    """The page of the run in a folder, whose calls are read from there."""
    calls, lost = samples.read(folder, [each for each in run.records if each.status == "ok"])
    groups = [document.drawn(each) for each in charts.of_run(run.records, run.verdicts, calls)]
    return document.make(
        "run.html",
        {
            "charts": {each["id"]: each["spec"] for group in groups for each in group["charts"]},
            "calls": document.described(speed.over_time([]), "case"),
            "samples": {case: speed.milliseconds(values) for case, values in calls.items()},
            "cases": {each.id: described(each, run.environment["command"]) for each in run.records},
        },
        run=run,
        heading=table.title(run.records, run.settings["reference"]),
        notes=[*run.damages, *lost, *without_calls(run.records, calls)],
        answers=answers(run),
        caveats=answer.caveats(run.records),
        nothing=f"{table.empty(run.records).capitalize()}.",
        findings=findings.of_run(run.records, run.environment),
        groups=groups,
        judged=verdict_rows(run.verdicts),
        tables=tables(run.records),
        video=[(title, Markup(told), note) for title, told, note in streams.sections(run.records, "html")],
        causes=causes.find(run.records),
        machines=machines.sentences(run.environment),
        card=card(run.environment["machine"]),
        cases={each.id for each in run.records},
        measured=folder.resolve().name,
    )  # fmt: skip


def without_calls(records: Sequence[Record], calls: Mapping[str, Sequence[float]]) -> list[str]:
    """A line if the calls of no case are in the folder, as after a copy of the other files."""
    lost = any(map(is_choice, records)) and not calls
    return ["The folder has no samples: slow calls cannot be drawn."] if lost else []


def answers(run: Told) -> list[dict[str, Any]]:
    """The choice of each model, with the sentences on it."""
    return [
        {
            "title": quick.title,
            "text": " ".join(answer.said(quick, wide)) if len(quick.qualified) > 1 else "",
            "rows": best_rows(quick, wide),
            "again": again(quick.qualified[0], run.environment["command"]),
        }
        for quick, wide in answer.choices(run.records)
    ]


def best_rows(quick: Choice, wide: Choice) -> list[dict[str, Any]]:
    """A row for each case that is the best in something; one that is the best in two has one row."""
    found = dict[str, tuple[Record, list[str]]]()
    for place, each in (
        ("latency", quick.qualified[0]),
        ("throughput", wide.qualified[0]),
        ("latency in fp32", answer.exactest(quick)),
    ):
        if each:
            found.setdefault(each.id, (each, []))[1].append(place)
    return [
        {"place": " and ".join(places), "case": each.id, "cells": cells(each)}
        for each, places in found.values()
    ]


def tables(records: Sequence[Record]) -> list[dict[str, Any]]:
    """A table for each question, with the cases that have no figures in the first one."""
    asked = dict.fromkeys(each.scenario for each in records)
    found = []
    for name in asked:
        group = [each for each in records if each.scenario == name]
        timed = [each for each in group if each.status == "ok"]
        columns = table.columns_of(timed)[1:-1]
        found.append(
            {
                "title": name.replace("_", " ").capitalize(),
                "headers": [(column.header, column.header in HIGHER) for column in columns],
                "rows": [row(each, columns) for each in group],
            }
        )
    return found


def row(record: Record, columns: Sequence[table.Column]) -> dict[str, Any]:
    timed = record.status == "ok"
    return {
        "id": record.id,
        "status": word(record),
        "timed": timed,
        "cells": [(each.cell(record), each.value(record)) if timed else ("", None) for each in columns],
        "notes": remarks.notes(record) if timed else causes.first_line(record.outcome),
    }


def word(record: Record) -> str:
    """The status of a case; failed for one that has figures and an outcome, as its test did."""
    return "failed" if record.status == "ok" and record.outcome else record.status


def verdict_rows(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ordered = sorted(found, key=lambda each: KINDS.index(each["kind"]))
    return [{"kind": each["kind"], "cells": verdicts.row(each)[1:]} for each in ordered]


def described(record: Record, command: str) -> dict[str, Any]:
    """A record as the panel of a case shows it."""
    timed = record.status == "ok"
    return {
        "status": word(record),
        "outcome": record.outcome,
        "notes": [*remarks.remarks(record), *unknown(record)] if timed else [],
        "again": again(record, command) if record.options else "",
        "figures": [each for section in record.sections.values() for each in figures(section)],
        "agreement": dict(record.agreement or {}),
    }


def unknown(record: Record) -> list[str]:
    """Why percentiles of a case are empty, and what would fill them."""
    if not is_choice(record):
        return []
    return [f"{name} {one.missing(record)}" for name, one in PERCENTILES.items() if one.value(record) is None]


def figures(section: Section) -> list[dict[str, Any]]:
    found = []
    for name, each in section.figures.items():
        scale, unit = shown(each.unit)
        found.append(
            {
                "name": name,
                "value": each.value,
                "scale": scale,
                "unit": unit,
                "low": each.low,
                "high": each.high,
                "values": each.values,
            }
        )
    return found
