"""Synthetic records and runs, for tests that measure nothing."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tandem_reports.judging.history import History
from tandem_reports.records import saved
from tandem_reports.records.record import SCHEMA, Figure, Record, Section
from tandem_reports.records.run import Run
from tandem_reports.records.upgrades import upgrade
from tandem_reports.statistics import estimate_ratio

MACHINE = {"cpu": "a processor", "cores": 2}
YARDSTICK_S = 0.0113


def costs(centre: float = 1.0, noise: float = 0.003, count: int = 10, seed: int = 0) -> list[float]:
    """Costs of invocations in units of the yardstick; processes differ by ``noise``."""
    generator = random.Random(seed)
    return [centre * math.exp(generator.gauss(0, noise)) for _ in range(count)]


def make_record(case: str = "m-b-fp32-b1-cpu", values: Sequence[float] = (), **changes: Any) -> Record:
    """A record of the case ``model-backend-precision-bBATCH-device``."""
    model, backend, precision, batch, device = case.split("-")
    yardstick = {"turn_s": YARDSTICK_S, "set_aside": 0, "values": list(values)}
    if values:
        yardstick["estimate"] = estimate_ratio([[value] for value in values]).estimate
    fields: dict[str, Any] = {
        "id": case, "model": model, "backend": backend, "precision": precision, "batch": int(batch[1:]),
        "device": device, "status": "ok", "p50_s": 0.01, "yardstick": yardstick, "libraries": ["torch", "b"],
        "took_s": 10.0,
    }  # fmt: skip
    return from_flat(**fields | changes)


def timed(case: str, ms: float, gain: float | None = None, width: float = 0.05, **changes: Any) -> Record:
    """A case of latency ``ms``, and its speedup over eager of 20 ms or ``gain``, with a relative interval."""
    batch, gain = int(case.split("-")[3][1:]), gain or 20 / ms
    usual: dict[str, Any] = {
        "p50_s": ms / 1e3,
        "mean_s": ms / 1e3,
        "throughput_per_s": batch / ms * 1e3,
        "agreement": {"relative_error": 1e-6},
        "peak_rss_bytes": 100e6,
        "artifact_bytes": 10e6,
        "build_s": 1.0,
        "samples": 36,
        "speedup": {
            "estimate": gain, "low": gain * (1 - width), "high": gain * (1 + width), "over": "invocations",
            "values": [gain] * 3, "reference": "eager-fp32",
        },
    }  # fmt: skip
    return make_record(case, **usual | changes)


def request(steps_ms: dict[str, float], gain: float = 1.0, prepared: str = "pil", **details: Any) -> Record:
    """A whole request with the time of each step, within 1 %."""
    record = timed("m-ort-fp32-b1-cpu", sum(steps_ms.values()), gain, 0.02, scenario="pipeline",
                   id=f"m-ort-fp32-b1-{prepared}-cpu@pipeline")  # fmt: skip
    record.case["preprocessor"] = prepared
    figures = {
        name: Figure(ms / 1e3, "s", "lower", 0.99 * ms / 1e3, 1.01 * ms / 1e3)
        for name, ms in steps_ms.items()
    }
    parts = tuple(name for name in steps_ms if not name.endswith("_alone"))
    record.sections["pipeline"] = Section(figures, details, parts=parts)
    return record


def case(name: str, ms: float, gain: float, width: float = 0.02, **changes: Any) -> Record:
    """A case of ``ms``, which was timed often enough for its percentiles."""
    return timed(name, ms, gain, width, **{"samples": 700, **changes})


def costing(name: str, turns: float, **changes: Any) -> Record:
    """A case that takes this many turns of the yardstick, within 2 %."""
    record = case(name, 10 * turns, 2.0, **changes)
    cost = Figure(turns, "", "lower", low=0.98 * turns, high=1.02 * turns)
    record.sections["latency"].figures["cost"] = cost
    return record


def watching(held: float, watching: float, decoding: float = 0.1, outcome: str = "") -> Record:
    """A detector before so many streams that hold the bound, and before one more that does not."""
    record = make_record(outcome=outcome)
    level = {
        "streams": 1, "held": [True], "captured": 662, "looked": 600, "foretold": 60, "late": 0,
        "replaced": 2, "worst": 0.003, "fairness": 1.0, "p50": 0.01, "p99": 0.02, "batch": 1.0,
        "watching": 0.3, "decoding": 0.1, "decode_s": 0.001, "named": 3, "peak_rss_bytes": 5e8,
        "stages": {"prepare": 0.002, "detect": 0.008},
        "ways": [[(0.0, 1), (5.0, 0)]], "elapsed_s": [20.0], "each": [], "broken": [],
    }  # fmt: skip
    beyond = {**level, "streams": 2, "held": [False], "watching": watching, "decoding": decoding}
    accuracy = {"f1": 0.9, "mota": 0.8, "idf1": 0.7, "hota": 0.6, "switches": 5}
    ways = [{"words": f"fp32.every{each}", "frame_s": 0.01, "accuracy": accuracy} for each in (1, 2)]
    details = {"bound": "p99<50ms", "threads": 2, "watched": [level, beyond], "ways": ways}
    record.sections["video"] = Section({"streams": Figure(held, "", "higher")}, details)
    return record


def from_flat(**fields: Any) -> Record:
    """A record from the flat fields of schema 1."""
    return Record.from_dict(upgrade(fields, 1))


def make_run(
    *records: Record, name: str = "0001", versions: dict[str, str] | None = None, **settings: Any
) -> Run:
    environment = {
        "fingerprint": "here",
        "machine": MACHINE,
        "command": "pytest benches",
        "python": "3.12.1",
        "versions": {"torch": "2.15.0", "b": "1.0"} | (versions or {}),
        "commit": {"id": "0123456789ab", "dirty": False},
    }
    usual = {"threads": 2, "weights": "seeded", "yardstick": "matmul", "yardstick_needs": ["torch"]}
    return Run(name, environment, usual | settings, {record.id: record for record in records})


def save(
    folder: Path,
    number: int,
    records: Iterable[Record],
    blemishes: Sequence[str] = (),
    origin: str = "",
    **settings: Any,
) -> Path:
    """Write a run in the way of pytest-benchmark with the plugin, and return its path."""
    run = make_run(*records, **settings)
    content: dict[str, Any] = {
        "machine_info": {},
        "benchmarks": [
            {
                "name": each.id,
                "stats": {"median": each.number("p50")},
                "extra_info": {"tandem": each.to_dict()},
            }
            for each in run.records.values()
        ],
    }
    selection = dict.fromkeys(("models", "backends", "precisions", "batch_sizes"))
    described = {
        "environment": run.environment,
        "settings": run.settings,
        "selection": {**selection, "keyword": "", "mark": "", "tests": []},
        "blemishes": list(blemishes),
        "origin": origin,
        "saved_at": f"2026-11-{1 + number // 1440:02}T{number // 60 % 24:02}:{number % 60:02}:00+00:00",
    }
    saved.seal(content, described)
    path = folder / "Linux-CPython-3.11-64bit" / f"{number:04}_run.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    return path


def write_run(folder: Path, *records: Record, calls_s: Sequence[float] = (), **settings: Any) -> Path:
    """Write the folder of a run, with the same calls for each timed case, and return it."""
    run = make_run(*records, **{"reference": "eager-fp32", **settings})
    document = {
        "schema": SCHEMA,
        "environment": {**run.environment, "machine": MACHINE | {"isa": ["avx2"]}},
        "settings": run.settings,
        "records": [each.to_dict() for each in records],
    }
    (folder / "samples").mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(document))
    for each in records:
        if calls_s and each.status == "ok":
            (folder / "samples" / f"{each.id}.json").write_text(json.dumps(list(calls_s)))
    return folder


def record(case: str, centre: float = 1.0, seed: int = 0) -> Record:
    """A record of a case with costs around a centre."""
    return make_record(case, costs(centre, seed=seed))


def numbers(folder: Path) -> dict[str, str]:
    """The number of the run that is the baseline of each case."""
    baselines = History(folder).baselines(make_run().settings)
    return {case: path.name[:4] for case, path in baselines.items()}
