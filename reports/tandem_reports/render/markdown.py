"""The summary as Markdown: for a pull request, a CI step, a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tandem_reports import findings
from tandem_reports.judging.comparability import card
from tandem_reports.records.record import Record
from tandem_reports.render import answer, table, verdicts


def render(
    records: Sequence[Record],
    environment: Mapping[str, Any],
    settings: Mapping[str, Any],
    judged: Sequence[Mapping[str, Any]] = (),
) -> str:
    machine, versions = environment["machine"], listed(environment["versions"])
    reference = table.references(records, settings["reference"])
    cores = f"{settings['threads']} of {machine['cores']} cores"
    parts = [
        "# Tandem",
        f"`{environment['command']}`",
        f"{machine['cpu']}, {cores}{card(machine)}, Python {environment['python']}; {versions}.",
        *(
            f"`{backend}` in another environment: Python {other['python']}; {listed(other['versions'])}."
            for backend, other in environment.get("elsewhere", {}).items()
        ),
        *([caption(reference)] if any(record.figure("speedup") for record in records) else []),
        table.render(records, "github"),
        *answer.sentences(records),
        *_findings(records, machine),
        *(["## Judged", verdicts.render(judged, "github")] if judged else []),
        *_causes("Failed", [record for record in records if record.status == "failed"]),
        *_causes("Skipped", [record for record in records if record.status == "skipped"]),
    ]
    return "\n\n".join(parts) + "\n"


def _findings(records: Sequence[Record], machine: Mapping[str, Any]) -> list[str]:
    found = findings.find(records, machine)
    return ["## Findings", "\n".join(f"- {each}" for each in found)] if found else []


def caption(reference: str) -> str:
    return (
        f"Speedup over {reference} of the same batch, timed in turn; error against the whole network's fp64."
    )


def listed(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def _causes(title: str, records: Sequence[Record]) -> list[str]:
    if not records:
        return []
    lines = "\n".join(f"- `{record.id}`: {first_line(record.outcome)}" for record in records)
    return [f"## {title}", lines]


def first_line(text: str) -> str:
    return text.splitlines()[0] if text else ""
