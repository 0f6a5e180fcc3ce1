"""The index of saved runs: a SQLite file beside them, updated whenever it is opened.

It is derived: deleting it costs only the time to read the runs again.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tandem_reports.judging import moderation
from tandem_reports.judging.comparability import CHOSEN, SETTINGS, SWITCHES, disturbed
from tandem_reports.records import saved
from tandem_reports.records.record import Record
from tandem_reports.records.saved import DamagedBaseline
from tandem_reports.records.verdict import IMPROVED, NEW, OK

INDEX = "history.sqlite"
#: Verdicts with which a case becomes the baseline of the next run; a first run has None. A case that was
#: too noisy to decide does not become the baseline: a slowdown could hide in it.
CLEARED = (None, OK, IMPROVED, NEW)
#: Raised whenever the tables change: an index of another version is rebuilt.
VERSION = 10
#: Seconds to wait for another run that holds the index.
PATIENCE_S = 60.0
#: Codes of an index that cannot be written, such as one in a folder of a container that is read only, and
#: of one that is held: it is not damaged. The primary code is the last byte.
READ_ONLY = {sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
REFUSED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}
PRIMARY = 0xFF
#: The versions of a case that ran in the environment of its run.
NO_VERSIONS = "{}"
#: Of the runs that ``--resume`` saved again, the newest: the others hold the same measurements.
COUNTED = "runs.id IN (SELECT MAX(id) FROM runs GROUP BY origin)"
TABLES = """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY, path TEXT UNIQUE, size INTEGER, changed INTEGER, name TEXT, saved TEXT,
        ordered TEXT, promoted INTEGER, settings TEXT, versions TEXT, source TEXT, damage TEXT,
        origin TEXT
    );
    CREATE TABLE cases (
        run INTEGER, name TEXT, cost REAL, unit TEXT, baseline INTEGER, versions TEXT, costs TEXT
    );
    CREATE TABLE variances (run INTEGER, family TEXT, name TEXT, value REAL, degrees REAL);
    CREATE INDEX by_name ON cases (name, run);
    CREATE INDEX of_run ON variances (run);
    CREATE INDEX by_run ON cases (run);
"""


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """The index of the runs below a folder, up to date; in memory if the folder cannot be written.

    Raises ``DamagedBaseline`` if another run holds it, or there can be no such folder.
    """
    path = folder / INDEX
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DamagedBaseline(f"{folder} cannot be a folder of saved runs: {error}") from error
    try:
        database = _connect(path, folder)
    except sqlite3.DatabaseError as error:  # damaged: it is derived, so it is rebuilt
        code = getattr(error, "sqlite_errorcode", 0) & PRIMARY
        if code in REFUSED:
            raise DamagedBaseline(
                f"{path} cannot be used: {error}; another run may hold it, or the disk is full"
            ) from error
        if code not in READ_ONLY:
            path.unlink(missing_ok=True)
        database = _connect(Path(":memory:") if code in READ_ONLY else path, folder)
    with contextlib.closing(database):
        yield database


def _connect(path: Path, folder: Path) -> sqlite3.Connection:
    """The index in a file, brought up to date with a folder."""
    database = sqlite3.connect(path, timeout=PATIENCE_S)
    try:
        if database.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            for table in ("cases", "runs", "variances"):
                database.execute(f"DROP TABLE IF EXISTS {table}")
            database.executescript(f"{TABLES} PRAGMA user_version = {VERSION};")
        _update(database, folder)
    except BaseException:
        database.close()
        raise
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
    database.execute("DELETE FROM variances WHERE run = ?", [run])
    database.execute("DELETE FROM runs WHERE id = ?", [run])


def _insert(database: sqlite3.Connection, name: str, path: Path, stamp: tuple[int, int]) -> None:
    add = "INSERT INTO runs VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    try:
        run = saved.read(path)
    except DamagedBaseline as damage:
        database.execute(add, [name, *stamp, path.stem, "", "", 0, "", "{}", None, str(damage), name])
        return
    source = (run.environment.get("commit") or {}).get("id")
    promoted = run.promoted_at is not None
    values: list[Any] = [name, *stamp, run.name, run.saved_at, run.order, promoted]
    values += [comparable(run.settings), json.dumps(run.environment["versions"]), source, ""]
    values.append(run.origin or name)
    identity = database.execute(add, values).lastrowid
    found = run.records.values()
    rows = [_row(identity, record, promoted or not run.blemishes, promoted) for record in found]
    database.executemany("INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    spreads = [
        (identity, family, case, variance.value, variance.degrees)
        for record in found
        for family, case, variance in moderation.variances(record)
    ]
    database.executemany("INSERT INTO variances VALUES (?, ?, ?, ?, ?)", spreads)


def _row(run: int | None, record: Record, qualified: bool, promoted: bool) -> tuple[Any, ...]:
    """The row of a case; ``qualified`` is true if its run can be a baseline."""
    judged, kind = record.judged, (record.verdict or {}).get("kind")
    cleared = kind in CLEARED and not disturbed(record)
    return (
        run,
        record.id,
        judged and judged.value,
        judged.unit if judged else "",
        qualified and (promoted or cleared),
        json.dumps((record.environment or {}).get("versions", {})),
        json.dumps(judged.values if judged else ()),
    )


def comparable(settings: Mapping[str, Any]) -> str:
    """The settings that must be equal in two comparable runs, as one text."""
    switched = [name for name in SWITCHES if settings.get(name)]
    chosen = [f"{name} {settings[name]}" for name in CHOSEN if settings.get(name) is not None]
    return json.dumps([*(settings[name] for name in SETTINGS), *switched, *chosen])
