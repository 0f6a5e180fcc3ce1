"""The page of two saved runs: the verdicts on one by the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tandem_reports.charts import Group, judged
from tandem_reports.page import document
from tandem_reports.page.run import verdict_rows
from tandem_reports.records.run import all_versions, changes
from tandem_reports.records.saved import Saved


def render(before: Saved, now: Saved, found: Sequence[Mapping[str, Any]]) -> str:
    """``found`` are the verdicts, as dictionaries."""
    charts = [each for each in [judged.changes(found)] if each]
    group = document.drawn(Group("gate", "The gate", charts))
    return document.make(
        "comparison.html",
        {"charts": {each["id"]: each["spec"] for each in group["charts"]}},
        before=before,
        now=now,
        judged=verdict_rows(found),
        charts=group["charts"],
        changed=changes(all_versions(before.environment), all_versions(now.environment)),
    )
