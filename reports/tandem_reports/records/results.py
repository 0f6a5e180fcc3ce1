"""A run's folder: each case is on disk as soon as it is measured, and the next run can resume from it."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tandem_reports.records.record import SCHEMA, Record
from tandem_reports.records.run import all_versions, changes
from tandem_reports.records.upgrades import upgrade
from tandem_reports.records.verdict import Verdict

RESULTS = "results.json"
REMEDY = "measure again (pytest benches, without --resume)"


class DamagedRun(Exception):
    """A stored run cannot be read; the message names the file and the remedy."""


class Results:
    """The records of one run and their files.

    The files are ``results.json`` and, below ``samples/``, the durations of each case in seconds. Durations
    that a device reported have a file of their own. The formats made at the end lie beside them: see
    ``formats.py``.
    """

    def __init__(self, folder: Path, environment: dict[str, Any], settings: dict[str, Any]) -> None:
        self.folder = folder
        self.environment = environment
        self.settings = settings
        self.records: dict[str, Record] = {}
        #: The records among them that come from an earlier run and were not reached by this run yet.
        self.resumed: dict[str, Record] = {}
        #: Verdicts on expected cases that have no record.
        self.missing: list[Verdict] = []
        #: Error of the last attempt to write the folder; None if the folder is complete.
        self.unwritten: str | None = None
        self._pending: dict[Path, str] = {}
        (folder / "samples").mkdir(parents=True, exist_ok=True)

    @classmethod
    def create(cls, root: Path, environment: dict[str, Any], settings: dict[str, Any]) -> Results:
        """A new folder below ``root``, named by the time; ``root/latest`` points to it."""
        name = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
        folder, count = root / name, 1
        while folder.exists():
            count += 1
            folder = root / f"{name}-{count}"
        results = cls(folder, environment, settings)
        (root / ".gitignore").write_text("*\n", encoding="utf-8")  # the runs are this machine's alone
        latest, link = root / "latest", root / f".latest-{os.getpid()}"
        link.symlink_to(folder.name)
        link.replace(latest)
        results.write()  # a run that is stopped before its first case can be resumed too
        return results

    @classmethod
    def reopen(cls, folder: Path, environment: dict[str, Any], settings: dict[str, Any]) -> Results:
        """The run in ``folder`` with its ``ok`` records, to be resumed.

        Raises ``DamagedRun`` if it cannot be read, or was measured in another way than this run would.
        """
        stored = read(folder)
        before = {"fingerprint": stored["environment"]["fingerprint"], **stored["settings"]}
        now = {"fingerprint": environment["fingerprint"], **settings}
        changed = [
            f"{name} {before.get(name)!r} → {now.get(name)!r}"
            for name in {**now, **before}
            if before.get(name) != now.get(name)
        ]
        changed += changes(all_versions(stored["environment"]), all_versions(environment))
        if changed:
            raise DamagedRun(f"{folder} was measured otherwise ({'; '.join(changed)}): leave --resume out")
        kept = {name: stored["environment"][name] for name in ("machines",) if name in stored["environment"]}
        results = cls(folder.resolve(), environment | kept, settings)
        records = (Record.from_dict(values) for values in stored["records"])
        results.records = {record.id: record for record in records if record.status == "ok"}
        results.resumed = dict(results.records)
        return results

    def add(
        self,
        record: Record,
        samples_s: Sequence[float] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """Store a case: on return it is on disk, or ``unwritten`` states why not.

        Without new samples the stored ones stay. ``more`` are further samples, by the name of their file.
        """
        self.add_all([(record, samples_s, more or {})])

    def add_all(self, found: Iterable[tuple[Record, Sequence[float] | None, Mapping[str, Any]]]) -> None:
        """As ``add``, for several cases that ended together: the file of all records is written once."""
        for record, samples_s, more in found:
            if samples_s is not None:
                self._pending[self._samples(record.id)] = json.dumps(list(samples_s))
            for name, values in more.items():
                self._pending[self._samples(f"{record.id}.{name}")] = json.dumps(values)
            self.records[record.id] = record
        self.write()

    def samples(self, case: str) -> list[float]:
        """Seconds of every timed call of an ``ok`` case. Raises ``DamagedRun``."""
        path = self._samples(case)
        try:
            samples: list[float] = json.loads(self._pending.get(path) or path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DamagedRun(f"{path}: {error}; delete its run, or leave --resume out") from error
        return samples

    def write(self) -> None:
        document = {
            "schema": SCHEMA,
            "environment": self.environment,
            "settings": self.settings,
            "records": [record.to_dict() for record in self.records.values()],
            "missing": [verdict.to_dict() for verdict in self.missing],
        }
        self.keep({RESULTS: json.dumps(document, indent=1)})

    def keep(self, files: Mapping[str, str]) -> None:
        """Write texts into the folder, by the names of their files."""
        self._pending |= {self.folder / name: text for name, text in files.items()}
        self._flush()

    def whereabouts(self) -> str:
        """A sentence on the place of the results: a temporary folder has the files that their own refuses."""
        if self.unwritten is None:
            names = sorted(each.name for each in self.folder.glob("*.*"))
            return f"written to {self.folder}: {', '.join(names)}"
        problem = f"{self.folder} cannot be written, {self.unwritten}: make room, or name another by --output"
        try:
            return f"{problem}; what it does not have is in {self._rescue()}"
        except OSError as error:
            return f"{problem}; nor can {tempfile.gettempdir()}, {error.strerror}: keep the table above"

    def _rescue(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="tandem-"))
        for path, text in self._pending.items():
            place = folder / path.relative_to(self.folder)
            place.parent.mkdir(exist_ok=True)
            _write(place, text)
        return folder

    def _flush(self) -> None:
        """Write the pending files. A full disk loses no case: the next case tries failed files again."""
        try:
            for path in list(self._pending):
                path.parent.mkdir(exist_ok=True)
                _write(path, self._pending[path])
                del self._pending[path]
            self.unwritten = None
        except OSError as error:
            self.unwritten = error.strerror or str(error)

    def verdicts(self) -> list[dict[str, Any]]:
        """Verdicts of the gate on each case, and on missing cases."""
        judged = [record.verdict for record in self.records.values() if record.verdict]
        return judged + [verdict.to_dict() for verdict in self.missing]

    def _samples(self, case: str) -> Path:
        return self.folder / "samples" / f"{case}.json"


def read(folder: Path) -> dict[str, Any]:
    """The document of a run. Raises ``DamagedRun``."""
    path = folder / RESULTS
    try:
        document: dict[str, Any] = json.loads(_legible(path.read_text(encoding="utf-8")))
        schema = document["schema"]
        missing = {"environment", "settings", "records"} - document.keys()
    except FileNotFoundError as error:
        raise DamagedRun(
            f"there is no run in {folder}: name the folder of one, such as reports/out/latest, or run "
            f"pytest benches, without --resume"
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedRun(f"{path} cannot be read ({error!r}): {REMEDY}") from error
    if schema not in range(1, SCHEMA + 1):
        raise DamagedRun(f"{path} has schema {schema!r}, this is {SCHEMA}: {REMEDY}")
    if missing:
        raise DamagedRun(f"{path} has no {', '.join(sorted(missing))}: {REMEDY}")
    try:
        document["records"] = [upgrade(record, schema) for record in document["records"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise DamagedRun(f"{path} is damaged ({error!r}): {REMEDY}") from error
    return document


def _legible(text: str) -> str:
    """JSON without letters that cannot be written or drawn: halves of surrogate pairs, and NUL."""
    whole = json.dumps(json.loads(text), ensure_ascii=False).encode(errors="replace")
    return whole.decode().replace("\\u0000", "?")


def _write(path: Path, text: str) -> None:
    """Replace a file in one step, after its bytes are on disk."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with scratch.open("w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    finally:
        with contextlib.suppress(OSError):
            scratch.unlink(missing_ok=True)
