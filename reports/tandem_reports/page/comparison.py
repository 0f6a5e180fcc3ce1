"""The page of two saved runs: the verdicts on one by the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tandem_reports.charts import group, judged
from tandem_reports.page import document
from tandem_reports.page.run import verdict_rows
from tandem_reports.records.run import all_versions, changes
from tandem_reports.records.saved import Saved


def render(before: Saved, now: Saved, found: Sequence[Mapping[str, Any]]) -> str:
    """``found`` are the verdicts, as dictionaries."""
    groups = [document.drawn(each) for each in group("gate", "The gate", [judged.changes(found)])]
    drawn = [each for one in groups for each in one["charts"]]
    return document.make(
        "comparison.html",
        {"charts": {each["id"]: each["spec"] for each in drawn}},
        before=before,
        now=now,
        judged=verdict_rows(found),
        charts=drawn,
        changed=changes(all_versions(before.environment), all_versions(now.environment)),
    )
