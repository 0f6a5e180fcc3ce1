"""Tests of a run on a Ray cluster of two nodes on this machine, one of which dies."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tandem.vocabulary.requirement import RAY
from tandem_reports.__main__ import main
from tests.conftest import ROOT, Benches, Run
from tests.local_cluster import ENVIRONMENT, LocalCluster

pytestmark = pytest.mark.skipif(bool(RAY.missing()), reason=RAY.missing() or "")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    with LocalCluster(tmp_path_factory.mktemp("ray") / "log") as cluster:
        yield cluster


def start(benches: Benches, cluster: LocalCluster, *words: str) -> subprocess.Popen[str]:
    """``pytest benches --fleet`` in a process of its own, as Ray is used once in a process."""
    command = benches.command("--precisions=fp32,bf16", f"--fleet={cluster.address}", *words)
    environment = {**os.environ, **ENVIRONMENT}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True
    )


def end(benches: Benches, process: subprocess.Popen[str]) -> Run:
    output, _ = process.communicate(timeout=300)
    return Run(process.returncode, output, benches.folder / "out" / "latest")


def ids(benches: Benches) -> list[str]:
    """Names of the cases that are on disk at this moment."""
    try:
        document = json.loads((benches.folder / "out" / "latest" / "results.json").read_text())
    except FileNotFoundError:
        return []
    return [each["id"] for each in document["records"]]


def wait_until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 300
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def other_python(folder: Path) -> Path:
    """The interpreter of another environment, which has the packages of this one."""
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    here = sysconfig.get_path("purelib")
    (packages / "here.pth").write_text(f"import site; site.addsitedir({here!r})\n")
    return folder / "bin" / "python"


def test_each_kind_of_machine_runs_every_case_in_its_own_environment_and_is_judged_by_itself(
    benches: Benches, cluster: LocalCluster, capsys: pytest.CaptureFixture[str]
) -> None:
    nodes = [cluster.add("small"), cluster.add()]
    python, storage = other_python(benches.folder / "venv"), benches.folder / "saved"
    words = [
        f"--fleet-python=small={python}",
        f"--benchmark-storage={storage}",
        "--backends=fake,fake-weight",
    ]
    run = end(benches, start(benches, cluster, *words, "--benchmark-autosave"))
    cluster.kill(*nodes)
    assert run.exit_code == 1, run.output
    records = list(run.records.values())
    (fingerprint,) = {each.machine for each in records} - {"small"}
    assert len(records) == 8
    assert {each.machine: each.environment and each.environment["interpreter"] for each in records} == {
        "small": str(python),
        fingerprint: sys.executable,
    }
    name = "fake-fake-bf16-b1-cpu+small"
    assert run.records[name].status == "ok"
    assert run.records["fake-fake-weight-fp32-b1-cpu+small"].status == "failed"
    samples = json.loads((run.folder / "samples" / f"{name}.json").read_text())
    assert len(samples) > 10
    assert "bench_latency[fake-fake-weight-fp32-b1-cpu+small]" in run.output
    # Equal failures are shown once, with the machine of the first in the heading and in the sentence.
    assert re.search(r"_ bench_latency\[fake-fake-weight-fp32-b1-cpu\+\S+\] _", run.output)
    assert re.search(r"^Disagreement: fake-fake-weight-fp32-b1-cpu\+\S+ ", run.output, re.MULTILINE)
    # A saved run of each, without the names of machines, in the folder of its fingerprint.
    files = list(storage.rglob("0001_*.json"))
    assert {path.relative_to(storage).parts[0] for path in files} > {fingerprint}
    assert len(files) == 2
    assert "+small" not in files[0].read_text() + files[1].read_text()
    assert main(["best", str(run.folder), "--price", "small=0.12/h", "--price", f"{fingerprint}=0.1/h"]) == 0
    assert f"+{fingerprint}  " in capsys.readouterr().out


def test_nodes_die_midway_others_take_their_cases_and_a_kind_without_any_fails_until_it_is_resumed(
    benches: Benches, cluster: LocalCluster
) -> None:
    first, second, alone = cluster.add("a"), cluster.add("a"), cluster.add("b")
    words = ["--backends=fake-paced", "--batch-sizes=1,2", "--tail=off", "--invocations=1"]
    process = start(benches, cluster, *words)
    wait_until(lambda: {each.partition("+")[2] for each in ids(benches)} == {"a", "b"})
    cluster.kill(first, alone)
    run = end(benches, process)
    wanted = [
        f"fake-fake-paced-{precision}-b{batch}-cpu+{kind}"
        for kind in "ab"
        for batch in (1, 2)
        for precision in ("fp32", "bf16")
    ]
    assert run.exit_code == 1
    assert run.output.count("is gone") >= 2
    assert sorted(ids(benches)) == sorted(wanted)
    assert {each.status for each in run.records.values() if each.machine == "a"} == {"ok"}
    failed = [each for each in run.records.values() if each.status == "failed"]
    assert 0 < len(failed) < 4
    assert all("no machine of kind b is left (127.0.0.1" in each.outcome for each in failed)
    nodes = [second, cluster.add("b")]
    run = end(benches, start(benches, cluster, *words, "--resume"))
    assert run.exit_code == 0, run.output
    assert f"{len(failed)} passed" in run.output
    assert sorted(ids(benches)) == sorted(wanted)
    assert {each.status for each in run.records.values()} == {"ok"}
    cluster.kill(*nodes)


@pytest.mark.parametrize(
    ("typed", "told"),
    [("127.0.0.1:1", "127.0.0.1:1 cannot"), ("auto", "auto, which is 127.0.0.1:1 here, cannot")],
)
def test_a_cluster_that_is_not_there_is_a_usage_error(benches: Benches, typed: str, told: str) -> None:
    command = benches.command("--backends=fake", f"--fleet={typed}")
    environment = {**os.environ, "RAY_ADDRESS": "127.0.0.1:1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 4
    assert f"--fleet: {told} be reached" in done.stderr
