"""The gate of a run: its judge, the cases that it misses, and its last look at the intervals."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pytest

from tandem_reports.judging.baseline import Baselines
from tandem_reports.judging.session import Judging, against, find_missing
from tandem_reports.records.results import Results
from tandem_reports.records.run import Run
from tandem_reports.records.saved import Saved
from tandem_reports.records.verdict import Verdict


def choose_judge(
    config: pytest.Config, judging: Judging, results: Results, baselines: Baselines, comparing: bool
) -> None:
    """The judge of a run: another side, or its baselines. Its verdicts count if ``comparing`` is true."""
    judging.judge = config.hook.pytest_tandem_judge(
        config=config, policy=judging.policy, environment=results.environment
    )
    if judging.judge is None and (comparing or baselines.runs):
        now = Run(results.folder.name, results.environment, results.settings, {})
        judging.judge = against(baselines, now, judging.policy)
        # A saved run is judged even without --benchmark-compare: see History.baselines.
        judging.failing = judging.failing and comparing


def missing(
    baselines: Mapping[str, Saved], selection: Mapping[str, Any], seen: Collection[str], results: Results
) -> list[Verdict]:
    """Verdicts on the cases that the baselines have and this run should have."""
    skipped = {record.id: record.outcome for record in results.records.values() if record.status == "skipped"}
    return find_missing(baselines, selection, seen, skipped)


def moderate(config: pytest.Config, results: Results, judging: Judging) -> None:
    """Moderate the first cases by the last ones too, in this run's folder and in what is saved of it.

    Verdicts stay: their tests have ended.
    """
    results.records = {name: judging.known.moderate(each) for name, each in results.records.items()}
    results.write()
    session = getattr(config, "_benchmarksession", None)
    for benchmark in session.benchmarks if session else ():
        told = benchmark.extra_info.get("tandem")
        if told and told["id"] in results.records:
            benchmark.extra_info["tandem"] = results.records[told["id"]].to_dict()
