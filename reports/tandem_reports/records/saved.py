"""Saved runs: pytest-benchmark's own JSON, with our records under ``extra_info``.

Each machine has a folder, ``.benchmarks/<machine>-<fingerprint>/…/0007_….json``. The data of the run as a
whole stand under ``tandem`` beside pytest-benchmark's keys: stock tools ignore them.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import orjson

from tandem_reports.records.record import SCHEMA, Record
from tandem_reports.records.run import Run
from tandem_reports.records.upgrades import upgrade

#: Names of the files that ``--benchmark-autosave`` and ``--benchmark-save`` write.
PATTERN = "[0-9][0-9][0-9][0-9]*_*.json"
REMEDY = "delete it from the saved runs, or compare with another one"
#: Most names of runs in an error.
LISTED = 8
EDITED = f"is not as it was written, it was damaged or edited: {REMEDY}"


class DamagedBaseline(Exception):
    """A saved run cannot be trusted; the message names the file, the fault and the remedy."""


class NoSuchRun(Exception):
    """The name fits no saved run, or more than one."""


@dataclass(frozen=True, slots=True)
class Saved(Run):
    """A run as it was saved."""

    path: Path = Path()
    saved_at: str = ""
    #: The options that chose its cases, as they were typed.
    selection: Mapping[str, Any] = field(default_factory=dict)
    #: Cases that regressed, or were missing, against the baseline of that time.
    blemishes: tuple[str, ...] = ()
    #: Time of its promotion to the baseline; None without one.
    promoted_at: str | None = None
    #: Commits of its files, by model, and under "" of the harness; versions of all packages. Both are empty
    #: in a run that did not keep them.
    sources: Mapping[str, str] = field(default_factory=dict)
    packages: Mapping[str, str] = field(default_factory=dict)
    #: Folder of its results: ``--resume`` saves a run again, with the cases that it had. Empty if not kept.
    origin: str = ""

    @property
    def order(self) -> str:
        """The time that puts baselines in order."""
        return self.promoted_at or self.saved_at


def seal(content: dict[str, Any], run: Mapping[str, Any]) -> None:
    """Add the data of the run to pytest-benchmark's JSON, under ``tandem``, with digests of everything."""
    header = {"schema": SCHEMA, "saved_at": datetime.now(UTC).isoformat(), "promoted_at": None, **run}
    for record in _records(content):
        record.update(_spelt(record))
    header = _spelt(header)
    content["tandem"] = header | {"records_digest": digest(_records(content))}
    content["tandem"]["digest"] = header_digest(content)


def _spelt(values: dict[str, Any]) -> dict[str, Any]:
    """The values, with escapes for letters that the locale does not have.

    For such a letter of a path, Python has raw bytes, which JSON may not hold.
    """
    words = json.dumps(values, ensure_ascii=False).encode(errors="surrogateescape")
    spelt: dict[str, Any] = json.loads(words.decode(errors="backslashreplace"))
    return spelt


def header_digest(content: Mapping[str, Any]) -> str:
    return digest({name: value for name, value in content["tandem"].items() if name != "digest"})


def digest(values: Any) -> str:
    """SHA-256 digest of plain values: it exposes a baseline that was edited by hand."""
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()


def read(path: Path) -> Saved:
    """A saved run. Raises ``DamagedBaseline`` if any part of it has changed since it was written."""
    content = load(path)
    if content["tandem"]["records_digest"] != digest(_records(content)):
        raise DamagedBaseline(f"{path} {EDITED}")
    found = {record.id: record for record in records(path, content)}
    return replace(parse_header(path, content), records=found)


def records(path: Path, content: Mapping[str, Any]) -> list[Record]:
    """The records in the JSON of ``path``, as ``load`` returns it. Raises ``DamagedBaseline``."""
    schema = content["tandem"]["schema"]
    try:
        return [Record.from_dict(upgrade(values, schema)) for values in _records(content)]
    except (KeyError, TypeError, AttributeError, msgspec.ValidationError) as error:
        raise DamagedBaseline(f"{path} {EDITED}") from error


def load(path: Path) -> dict[str, Any]:
    """The JSON of a saved run. The digest of its header is checked, the digest of its records is not.

    Raises ``DamagedBaseline``.
    """
    try:
        content = orjson.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise DamagedBaseline(f"{path} is damaged, it is not JSON ({error}): {REMEDY}") from error
    ours = content.get("tandem") if isinstance(content, dict) else None
    if not isinstance(ours, dict):
        raise DamagedBaseline(f"{path} was not saved by Tandem, nothing in it can be judged: {REMEDY}")
    if ours.get("schema") not in range(1, SCHEMA + 1):
        raise DamagedBaseline(f"{path} has schema {ours.get('schema')!r}, this is {SCHEMA}: {REMEDY}")
    try:
        _records(content)
    except (KeyError, TypeError) as error:
        raise DamagedBaseline(f"{path} {EDITED}") from error
    if ours.get("digest") != header_digest(content):
        raise DamagedBaseline(f"{path} {EDITED}")
    run: dict[str, Any] = content
    return run


def parse_header(path: Path, content: Mapping[str, Any]) -> Saved:
    """The run in the JSON of ``path``, as ``load`` returns it, without its records."""
    ours = content["tandem"]
    return Saved(
        name=path.name.partition("_")[0],
        environment=ours["environment"],
        settings=ours["settings"],
        records={},
        path=path,
        saved_at=ours["saved_at"],
        selection=ours["selection"],
        blemishes=tuple(ours["blemishes"]),
        promoted_at=ours["promoted_at"],
        sources=ours.get("sources", {}),
        packages=ours.get("packages", {}),
        origin=ours.get("origin", ""),
    )


def _records(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Records of the benchmarks that Tandem measured."""
    extra = (each["extra_info"] for each in content["benchmarks"])
    return [each["tandem"] for each in extra if "tandem" in each]


def find(folder: Path, name: str) -> Path:
    """The file of a saved run by its number, the beginning of its name, or its path.

    Raises ``NoSuchRun``, which lists the existing runs.
    """
    direct = Path(name)
    if direct.is_file():
        return direct
    pattern = direct.name.removesuffix(".json").rstrip("*") + "*.json"
    found = sorted(path for path in files(folder) if path.match(pattern))
    if len(found) == 1:
        return found[0]
    listed = found or files(folder)
    more = [f"{len(listed) - LISTED} older ones"] if len(listed) > LISTED else []
    names = ", ".join([*more, *(path.stem for path in listed[-LISTED:])]) or "none"
    problem = "is not the name of one run, but of several" if found else "names no saved run"
    raise NoSuchRun(f"{name!r} {problem} in {folder}: {names}")


def files(folder: Path) -> list[Path]:
    """Saved runs below a folder, the oldest first."""
    return sorted(folder.rglob(PATTERN), key=lambda path: (path.name, path))


def promote(path: Path) -> None:
    """Make a saved run the baseline, whatever its verdicts say. Raises ``DamagedBaseline``."""
    content = load(path)
    content["tandem"]["promoted_at"] = datetime.now(UTC).isoformat()
    content["tandem"]["digest"] = header_digest(content)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    scratch.replace(path)
