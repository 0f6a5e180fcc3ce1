"""Index of a machine's saved runs: the baselines, and the trend of each case.

The index is a SQLite file beside the runs. It is derived: deleting it costs only the time to read the
runs again.
"""

from __future__ import annotations

import contextlib
import json
import math
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tandem_reports.judging.change_points import noise
from tandem_reports.judging.comparability import SETTINGS, SWITCHES
from tandem_reports.records import saved
from tandem_reports.records.saved import DamagedBaseline, Saved
from tandem_reports.records.verdict import IMPROVED, NEW, OK

INDEX = "history.sqlite"
#: Fewest runs that show how runs differ, and most recent runs that count: older ones differ from today's.
FEWEST_RUNS, RECENT = 5, 50
#: Verdicts with which a case becomes the baseline of the next run; a first run has None. A case that was
#: too noisy to decide does not become the baseline: a slowdown could hide in it.
CLEARED = (None, OK, IMPROVED, NEW)
#: Raised whenever the tables change: an index of another version is rebuilt.
VERSION = 5
TABLES = """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY, path TEXT UNIQUE, size INTEGER, changed INTEGER, name TEXT, saved TEXT,
        ordered TEXT, promoted INTEGER, settings TEXT, versions TEXT, source TEXT, damage TEXT
    );
    CREATE TABLE cases (run INTEGER, name TEXT, cost REAL, unit TEXT, baseline INTEGER, versions TEXT);
    CREATE INDEX by_name ON cases (name, run);
    CREATE INDEX by_run ON cases (run);
"""


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
        with self._open() as database:
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

    def spreads(self, settings: Mapping[str, Any]) -> dict[str, float]:
        """Standard deviation between runs, as a share, of each case that has enough runs."""
        with self._open() as database:
            rows = database.execute(
                "SELECT cases.name, cost FROM cases JOIN runs ON runs.id = cases.run"
                " WHERE cost IS NOT NULL AND runs.settings = ? ORDER BY saved",
                [comparable(settings)],
            )
            logs: dict[str, list[float]] = {}
            for name, cost in rows:
                logs.setdefault(name, []).append(math.log(cost))
        enough = {name: values[-RECENT:] for name, values in logs.items() if len(values) >= FEWEST_RUNS}
        return {name: noise(values) for name, values in enough.items()}

    def trends(self, pattern: str = "*") -> list[Trend]:
        """Trends of the cases that match the pattern, over the runs with the settings of the newest run."""
        with self._open() as database:
            runs = {
                identity: SavedAt(name, at, json.loads(versions), source)
                for identity, name, at, versions, source in database.execute(
                    "SELECT id, name, saved, versions, source FROM runs WHERE damage = '' AND settings ="
                    " (SELECT settings FROM runs WHERE damage = '' ORDER BY saved DESC) ORDER BY saved"
                )
            }
            rows = database.execute(
                "SELECT cases.name, run, cost, unit, cases.versions FROM cases JOIN runs ON runs.id = run"
                " WHERE cost IS NOT NULL ORDER BY saved"
            )
            trends: dict[str, Trend] = {}
            for name, run, cost, unit, versions in rows:
                if run in runs and fnmatchcase(name, pattern):
                    trend, at = trends.setdefault(name, Trend(name, unit=unit)), runs[run]
                    # A case that ran in its own environment changes with the versions of that.
                    own = {**at.versions, **json.loads(versions)}
                    trend.runs.append(replace(at, versions=own))
                    trend.costs.append(cost)
        return [trends[name] for name in sorted(trends)]

    def damages(self) -> list[str]:
        """Messages on the runs that cannot be read."""
        with self._open() as database:
            return [damage for (damage,) in database.execute("SELECT damage FROM runs WHERE damage != ''")]

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The index, up to date."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / INDEX
        try:
            database = _connect(path)
            _update(database, self.folder)
        except sqlite3.DatabaseError:  # damaged: it is derived, so it is rebuilt
            path.unlink(missing_ok=True)
            database = _connect(path)
            _update(database, self.folder)
        with contextlib.closing(database):
            yield database


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=60)
    if database.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        for table in ("cases", "runs"):
            database.execute(f"DROP TABLE IF EXISTS {table}")
        database.executescript(f"{TABLES} PRAGMA user_version = {VERSION};")
    return database


def _update(database: sqlite3.Connection, folder: Path) -> None:
    """Read new and changed runs, and forget deleted ones."""
    stored = {
        path: (identity, size, changed)
        for identity, path, size, changed in database.execute("SELECT id, path, size, changed FROM runs")
    }
    found = {str(path.relative_to(folder)): path for path in saved.files(folder)}
    with database:
        for path in stored.keys() - found.keys():
            _forget(database, stored[path][0])
        for name, path in found.items():
            status = path.stat()
            known = stored.get(name)
            if known is None or known[1:] != (status.st_size, status.st_mtime_ns):
                if known:
                    _forget(database, known[0])
                _insert(database, name, path, (status.st_size, status.st_mtime_ns))


def _forget(database: sqlite3.Connection, run: int) -> None:
    database.execute("DELETE FROM cases WHERE run = ?", [run])
    database.execute("DELETE FROM runs WHERE id = ?", [run])


def _insert(database: sqlite3.Connection, name: str, path: Path, stamp: tuple[int, int]) -> None:
    add = "INSERT INTO runs VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    try:
        content = saved.load(path)
    except DamagedBaseline as damage:
        database.execute(add, [name, *stamp, path.stem, "", "", 0, "", "{}", None, str(damage)])
        return
    run = saved.parse_header(path, content)
    source = (run.environment.get("commit") or {}).get("id")
    promoted = run.promoted_at is not None
    values: list[Any] = [name, *stamp, run.name, run.saved_at, run.order, promoted]
    values += [comparable(run.settings), json.dumps(run.environment["versions"]), source, ""]
    identity = database.execute(add, values).lastrowid
    rows = [
        (
            identity,
            case,
            cost,
            unit,
            promoted or (not run.blemishes and kind in CLEARED),
            json.dumps(versions),
        )
        for case, cost, unit, kind, versions in saved.cases(content)
    ]
    database.executemany("INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?)", rows)


def comparable(settings: Mapping[str, Any]) -> str:
    """The settings that must be equal in two comparable runs, as one text."""
    switched = [name for name in SWITCHES if settings.get(name)]
    return json.dumps([*(settings[name] for name in SETTINGS), *switched])


def read_baselines(paths: dict[str, Path]) -> dict[str, Saved]:
    """The saved run of each case; every file is read once. Raises ``DamagedBaseline``."""
    runs = {path: saved.read(path) for path in set(paths.values())}
    return {case: runs[path] for case, path in paths.items()}
