"""The saved runs of a machine: the baselines, the trend of each case, and how runs and processes differ."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tandem_reports.judging import index
from tandem_reports.judging.change_points import ChangePoint, find
from tandem_reports.judging.index import comparable
from tandem_reports.judging.moderation import Row
from tandem_reports.records import saved
from tandem_reports.records.saved import DamagedBaseline, Saved
from tandem_reports.variances import Variance, foretold, of_neighbours

#: Most recent runs that count: older ones differ from today's.
RECENT = 50


@dataclass(frozen=True, slots=True)
class SavedAt:
    """The data of a saved run that a trend needs."""

    name: str
    saved_at: str
    versions: Mapping[str, str]
    commit: str | None


@dataclass(frozen=True, slots=True)
class Trend:
    """One case over the saved runs, the oldest first; ``costs`` have a ``unit``, or are yardstick turns."""

    case: str
    runs: list[SavedAt] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    unit: str = ""
    changes: list[ChangePoint] = field(default_factory=list)


class History:
    """The saved runs below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def baselines(self, settings: Mapping[str, Any]) -> dict[str, Path]:
        """The baseline of each case: the newest run that qualifies, with the same settings.

        A run qualifies if this case was found no slower than before, and no other case was found slower
        or missing. A promoted run qualifies too, and no run before it counts. Raises ``DamagedBaseline``
        if any saved run is damaged: it might have been the baseline.
        """
        with index.opened(self.folder) as database:
            for (damage,) in database.execute("SELECT damage FROM runs WHERE damage != ''"):
                raise DamagedBaseline(damage)
            rows = database.execute(
                "SELECT cases.name, runs.path, MAX(runs.ordered) FROM cases JOIN runs ON runs.id = cases.run"
                " WHERE cases.baseline AND cases.cost IS NOT NULL AND runs.settings = :settings AND"
                " runs.ordered >= (SELECT COALESCE(MAX(ordered), '') FROM runs"
                " WHERE promoted AND settings = :settings) GROUP BY cases.name",
                {"settings": comparable(settings)},
            )
            return {name: self.folder / path for name, path, _ in rows}

    def newest(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """The name of the newest run that has each case, with the same settings; it need not qualify."""
        with index.opened(self.folder) as database:
            rows = database.execute(
                "SELECT cases.name, runs.name, MAX(saved) FROM cases JOIN runs ON runs.id = cases.run"
                " WHERE runs.settings = ? GROUP BY cases.name",
                [comparable(settings)],
            )
            return {case: run for case, run, _ in rows}

    def spreads(self, settings: Mapping[str, Any]) -> dict[str, Variance]:
        """Variance between runs of each case, from its own runs and those of the other cases."""
        with index.opened(self.folder) as database:
            rows = database.execute(
                "SELECT cases.name, cost FROM cases JOIN runs ON runs.id = cases.run"
                f" WHERE cost > 0 AND runs.settings = ? AND {index.COUNTED} ORDER BY saved",
                [comparable(settings)],
            )
            logs: dict[str, list[float]] = {}
            for name, cost in rows:
                logs.setdefault(name, []).append(math.log(cost))
        return foretold({name: of_neighbours(values[-RECENT:]) for name, values in logs.items()})

    def variances(self, settings: Mapping[str, Any]) -> list[Row]:
        """Variances between the processes of each case, one for each of the most recent runs."""
        with index.opened(self.folder) as database:
            rows = database.execute(
                "SELECT family, name, value, degrees FROM variances"
                f" WHERE run IN (SELECT id FROM runs WHERE settings = ? AND {index.COUNTED}"
                " ORDER BY saved DESC LIMIT ?)",
                [comparable(settings), RECENT],
            )
            return [(family, name, Variance(value, degrees)) for family, name, value, degrees in rows]

    def costs(self, settings: Mapping[str, Any]) -> dict[str, list[list[float]]]:
        """Judged values of the processes of each case, in each of the most recent runs."""
        found = dict[str, list[list[float]]]()
        with index.opened(self.folder) as database:
            for name, costs in database.execute(
                "SELECT name, costs FROM cases WHERE run IN"
                f" (SELECT id FROM runs WHERE settings = ? AND {index.COUNTED} ORDER BY saved DESC LIMIT ?)",
                [comparable(settings), RECENT],
            ):
                found.setdefault(name, []).append(json.loads(costs))
        return found

    def trends(self, pattern: str = "*") -> list[Trend]:
        """Trends of the cases that match the pattern, over the runs with the settings of the newest run."""
        with index.opened(self.folder) as database:
            runs = {
                identity: SavedAt(name, at, json.loads(versions), source)
                for identity, name, at, versions, source in database.execute(
                    "SELECT id, name, saved, versions, source FROM runs"
                    f" WHERE damage = '' AND {index.COUNTED} AND settings ="
                    " (SELECT settings FROM runs WHERE damage = '' ORDER BY saved DESC) ORDER BY saved"
                )
            }
            names = {name for (name,) in database.execute("SELECT DISTINCT name FROM cases")}
            wanted = {name for name in names if fnmatchcase(name, pattern)}
            trends: dict[str, Trend] = {}
            for run, saved_at in runs.items():
                for name, cost, unit, versions in database.execute(
                    "SELECT name, cost, unit, versions FROM cases"
                    " WHERE run = ? AND cost > 0",  # a rate of 0 is no point of a trend of ratios
                    [run],
                ):
                    if name not in wanted:
                        continue
                    trend, at = trends.setdefault(name, Trend(name, unit=unit)), saved_at
                    if versions != index.NO_VERSIONS:  # of an environment of its own
                        at = replace(at, versions={**at.versions, **json.loads(versions)})
                    trend.runs.append(at)
                    trend.costs.append(cost)
        found = [trends[name] for name in sorted(trends)]
        for trend, changes in zip(found, find([trend.costs for trend in found]), strict=True):
            trend.changes.extend(changes)
        return found

    def left_out(self) -> int:
        """The number of runs with other settings than the newest one, which trends leave out."""
        with index.opened(self.folder) as database:
            (count,) = database.execute(
                "SELECT COUNT(*) FROM runs WHERE damage = '' AND settings !="
                " (SELECT settings FROM runs WHERE damage = '' ORDER BY saved DESC)"
            ).fetchone()
        return int(count)

    def damages(self) -> list[str]:
        """Messages on the runs that cannot be read."""
        with index.opened(self.folder) as database:
            return [damage for (damage,) in database.execute("SELECT damage FROM runs WHERE damage != ''")]


def read_baselines(paths: dict[str, Path]) -> dict[str, Saved]:
    """The saved run of each case; every file is read once. Raises ``DamagedBaseline``."""
    runs = {path: saved.read(path) for path in set(paths.values())}
    return {case: runs[path] for case, path in paths.items()}
