"""Pages and pictures of stored runs. The libraries that draw are imported where they are needed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tandem_reports.judging.history import Trend
from tandem_reports.judging.suites import Point
from tandem_reports.records import samples
from tandem_reports.records.saved import Saved
from tandem_reports.records.stored import Told

PAGE = "index.html"
#: Most panels of a picture: more are unreadable.
MOST_PANELS = 24


def page(folder: Path, told: Told) -> Path:
    """Write the page of the run in a folder. Raises ``ModuleNotFoundError`` without the extra ``page``."""
    from tandem_reports.page import run

    _write(folder / PAGE, run.render(folder, told))
    return folder / PAGE


def trends_page(found: Sequence[Trend], path: Path) -> None:
    from tandem_reports.page import trends

    _write(path, trends.render(found))


def comparison(before: Saved, now: Saved, verdicts: Sequence[Mapping[str, Any]], path: Path) -> None:
    from tandem_reports.page import comparison

    _write(path, comparison.render(before, now, verdicts))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="backslashreplace")


def pictures(folder: Path, told: Told, kinds: Sequence[str], chosen: str | None, target: Path) -> list[Path]:
    """Write every chart of a run, or those whose name begins with ``chosen``, as pictures of some kinds.

    Raises ``ValueError`` for an unknown kind, or if there is no such chart.
    """
    from tandem_reports import charts
    from tandem_reports.charts.pictures import draw, kind_of

    for kind in kinds:
        kind_of(Path(f"picture.{kind}"))
    calls, _ = samples.read(folder, [each for each in told.records if each.status == "ok"])
    found = [
        (target / f"{_plain(group.title) or group.name}-{_plain(chart.name)}", chart)
        for group in charts.of_run(told.records, told.verdicts, calls)
        for chart in group.charts
    ]
    wanted = [each for each in found if each[1].name.startswith(chosen or "")]
    if not wanted:
        names = ", ".join(dict.fromkeys(chart.name for _, chart in found)) or "none, as no case was timed"
        raise ValueError(f"{folder} has no chart {chosen or ''!r}; it has {names}")
    target.mkdir(parents=True, exist_ok=True)
    written = [(Path(f"{stem}.{kind}"), chart) for stem, chart in wanted for kind in kinds]
    for path, chart in written:
        draw(chart, path)
    return [path for path, _ in written]


def demand_drawable(path: Path | None) -> None:
    """Raises, before any work for a picture, what ``draw`` would after it; nothing without a picture."""
    if path:
        from tandem_reports.charts.pictures import kind_of

        kind_of(path)


def _plain(name: str) -> str:
    """A name that every file system takes."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", name).strip("-")


def gates(points: Sequence[Point], path: Path) -> None:
    """Draw the gate's curves as one picture, by the end of its name. Raises ``ValueError`` for its kind."""
    from tandem_reports.charts import gates as charts
    from tandem_reports.charts.pictures import draw

    draw(charts.gates(points), path)


def trends(found: Sequence[Trend], path: Path) -> None:
    """Draw trends as one picture, by the end of its name. Raises ``ValueError`` for too many or its kind."""
    if len(found) > MOST_PANELS:
        raise ValueError(
            f"{len(found)} cases are too many for a picture, {MOST_PANELS} fit: choose with --case"
        )
    from tandem_reports.charts import trends as charts
    from tandem_reports.charts.pictures import draw

    draw(charts.trends(found), path)
