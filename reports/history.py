"""The saved runs of a machine in one index: which are the baselines, and how each case went.

The index is a SQLite file beside the runs. It is derived: deleting it costs nothing but the time to
read the runs again.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from reports import saved
from reports.record import Record
from reports.saved import DamagedBaseline, Saved

INDEX = "history.sqlite"
#: Raised whenever the tables change: an index of another version is made anew.
VERSION = 1
TABLES = """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY, path TEXT UNIQUE, size INTEGER, changed INTEGER, name TEXT, ordered TEXT,
        baseline INTEGER, promoted INTEGER, versions TEXT, source TEXT, damage TEXT
    );
    CREATE TABLE cases (run INTEGER, name TEXT, cost REAL, p50_s REAL, verdict TEXT);
    CREATE INDEX by_name ON cases (name, run);
    CREATE INDEX by_run ON cases (run);
"""


@dataclass(frozen=True, slots=True)
class Point:
    """One case in one saved run. ``cost`` is its time in units of the yardstick."""

    run: str
    saved_at: str
    cost: float
    p50_s: float | None
    verdict: str | None
    versions: dict[str, str] = field(default_factory=dict)
    commit: str | None = None


class History:
    """The saved runs below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def baselines(self) -> dict[str, Path]:
        """For each case the file of the newest run that is its baseline; none from before a promotion.

        Raises ``DamagedBaseline`` if any saved run is damaged: it might have been the one.
        """
        with self._open() as database:
            for (damage,) in database.execute("SELECT damage FROM runs WHERE damage != ''"):
                raise DamagedBaseline(damage)
            rows = database.execute(
                "SELECT cases.name, runs.path, MAX(runs.ordered) FROM cases JOIN runs ON runs.id = cases.run"
                " WHERE runs.baseline AND cases.cost IS NOT NULL AND runs.ordered >="
                " (SELECT COALESCE(MAX(ordered), '') FROM runs WHERE promoted) GROUP BY cases.name"
            )
            return {name: self.folder / path for name, path, _ in rows}

    def trends(self, pattern: str = "*") -> dict[str, list[Point]]:
        """The points of each case whose name fits the pattern, the oldest first."""
        with self._open() as database:
            known = (name for (name,) in database.execute("SELECT DISTINCT name FROM cases ORDER BY name"))
            return {name: self._points(database, name) for name in known if fnmatchcase(name, pattern)}

    def damages(self) -> list[str]:
        """What is wrong with the runs that cannot be read."""
        with self._open() as database:
            return [damage for (damage,) in database.execute("SELECT damage FROM runs WHERE damage != ''")]

    def _points(self, database: sqlite3.Connection, name: str) -> list[Point]:
        rows = database.execute(
            "SELECT runs.name, ordered, cost, p50_s, verdict, versions, source FROM cases"
            " JOIN runs ON runs.id = cases.run WHERE cases.name = ? AND cost IS NOT NULL ORDER BY ordered",
            [name],
        )
        return [
            Point(run, at, cost, p50_s, verdict, json.loads(versions), source)
            for run, at, cost, p50_s, verdict, versions, source in rows
        ]

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The index, up to date."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / INDEX
        try:
            database = _connect(path)
            _update(database, self.folder)
        except sqlite3.DatabaseError:  # damaged: it is derived, so it is made anew
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
    """Read the runs that are new or have changed, forget those that are gone."""
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
    add = "INSERT INTO runs VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    try:
        run = saved.read(path)
    except DamagedBaseline as damage:
        database.execute(add, [name, *stamp, path.stem, "", 0, 0, "{}", None, str(damage)])
        return
    source = (run.environment.get("commit") or {}).get("id")
    values: list[Any] = [name, *stamp, run.name, run.order, run.is_baseline, run.promoted_at is not None]
    values += [json.dumps(run.environment["versions"]), source, ""]
    identity = database.execute(add, values).lastrowid
    database.executemany(
        "INSERT INTO cases VALUES (?, ?, ?, ?, ?)",
        [
            (identity, record.id, cost(record), record.p50_s, (record.verdict or {}).get("kind"))
            for record in run.records.values()
        ],
    )


def cost(record: Record) -> float | None:
    """Time in units of the yardstick; None where that took no part or was disturbed throughout."""
    return (record.yardstick or {}).get("estimate")


def read_baselines(paths: dict[str, Path]) -> dict[str, Saved]:
    """The saved run of each case; every file is read once. Raises ``DamagedBaseline``."""
    runs = {path: saved.read(path) for path in set(paths.values())}
    return {case: runs[path] for case, path in paths.items()}
