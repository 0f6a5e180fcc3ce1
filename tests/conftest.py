"""Fixtures that run the benches as a user does, on the scripted fake."""

from __future__ import annotations

import contextlib
import io
import math
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tandem.scenarios.latency import recording, section
from tandem.scenarios.latency.near import Bench
from tandem.vocabulary.case import Case
from tandem.vocabulary.settings import Settings
from tandem.workers.launcher import Launcher
from tandem.workers.launchers import Launchers
from tandem.workers.workers import Workers
from tandem_reports.records import results
from tandem_reports.records.record import Record

ROOT = Path(__file__).parents[1]
# pytest-benchmark switches itself off under pytest-xdist, also in the runs inside tests.
os.environ.pop("PYTEST_XDIST_WORKER", None)
# These machines are shared: the duration of an example depends on the neighbours.
hypothesis_settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("shared")


@dataclass(frozen=True)
class Run:
    """Exit code, output and results folder of a run of the benches."""

    exit_code: int
    output: str
    folder: Path

    @property
    def records(self) -> dict[str, Record]:
        document = results.read(self.folder)
        return {values["id"]: Record.from_dict(values) for values in document["records"]}


@dataclass(frozen=True)
class Benches:
    """``pytest benches`` on the fake model, with its own output folder and cache."""

    folder: Path

    def command(self, *arguments: str, bench: str = "bench_latency.py", models: str = "fake") -> list[str]:
        """The command line. ``models`` is empty to use only the models of ``--model``."""
        fake = [*([f"--models={models}"] if models else []), "--precisions=fp32"]
        fake += ["--reference=fake-fp32", "--yardstick=fake-fake-fp32"]
        places = [f"--output={self.folder / 'out'}", f"--artifacts={self.folder / 'cache'}"]
        quick = ["--invocations=2", "--budget=0.2", "--batch-sizes=1", "-p", "no:cacheprovider"]
        return [
            sys.executable,
            "-m",
            "pytest",
            f"benches/{bench}",
            *fake,
            *places,
            *quick,
            *arguments,
        ]

    def run(self, *arguments: str, bench: str = "bench_latency.py", models: str = "fake") -> Run:
        """Run in this process: the start and the imports of another would take longer than the run."""
        output = io.StringIO()
        words = self.command(*arguments, "-p", "no:faulthandler", bench=bench, models=models)[3:]
        streams = contextlib.redirect_stdout(output), contextlib.redirect_stderr(output)
        with contextlib.chdir(ROOT), undisturbed(), streams[0], streams[1]:
            code = pytest.main(words)
        return Run(int(code), output.getvalue(), self.folder / "out" / "latest")


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Other programs set no invocation aside: the fake's times are scripted, and do not change by them."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (recording, section):
            patch.setattr(module, "CONTENDED", math.inf)
        yield


@pytest.fixture
def benches(tmp_path: Path) -> Benches:
    return Benches(tmp_path)


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    launcher = Launcher()
    yield launcher
    launcher.close()


@pytest.fixture(scope="session")
def launchers() -> Iterator[Launchers]:
    launchers = Launchers()
    yield launchers
    launchers.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        threads=1,
        cores=tuple(sorted(os.sched_getaffinity(0))[:1]),
        budget_s=0.05,
        invocations=2,
        reference=("fake", "fp32"),
        yardstick=Case("fake", "fake", "fp32", 1),
        weights="seeded",
        cache=tmp_path / "cache",
        timeout_s=30.0,
        memory_bytes=1 << 30,
    )


@pytest.fixture
def bench(settings: Settings, launchers: Launchers) -> Iterator[Bench]:
    """A bench on the shared fork servers; it is not closed, since that would end them for the other tests."""
    bench = Bench(Workers(settings, launchers))
    yield bench
    bench.dismiss_partners()


@pytest.fixture
def make_case() -> Callable[..., Case]:
    def make_case(backend: str = "fake", precision: str = "fp32", batch: int = 1) -> Case:
        return Case("fake", backend, precision, batch)

    return make_case
