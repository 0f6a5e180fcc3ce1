"""Copies of runs on GPUs, kept for people who have no such card."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from tandem_reports import installing
from tandem_reports.records import results
from tandem_reports.records.stored import Told
from tandem_reports.render import formats


def publish(run: Path, told: Told, root: Path) -> Path:
    """Copy a run to ``root/<card>-<date>``, with the date of its last case, and return that folder.

    Raises ``ValueError`` if the run used no GPU.
    """
    gpu = told.environment["machine"].get("gpu")
    if not gpu:
        raise ValueError(f"{run} used no GPU, or none that told its name: {installing.command('nvml')}")
    card = re.sub(r"[^a-z0-9]+", "-", gpu["name"].lower()).strip("-")
    date = datetime.fromtimestamp((run / results.RESULTS).stat().st_mtime, UTC).date()
    target, count = root / f"{card}-{date}", 1
    while target.exists():
        count += 1
        target = root / f"{card}-{date}-{count}"
    target.mkdir(parents=True)
    shutil.copyfile(run / results.RESULTS, target / results.RESULTS)
    for name, text in formats.render(told).items():
        (target / name).write_text(text, encoding="utf-8")
    return target
