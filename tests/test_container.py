"""Tests of the files of the image, and of the script that builds and runs it: its engine is a script here."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

#: Writes what it is told to a file. A run leaves a result as Tandem does, and ends with the code asked for.
ENGINE = """#!/bin/sh
echo "$@" >> "$SAID"
[ "$1" = run ] || exit 0
if [ "$CODE" != 4 ]; then
    mkdir -p "$RESULTS/now"
    echo a,b > "$RESULTS/now/results.csv"
    ln -s now "$RESULTS/latest"
fi
exit "$CODE"
"""
NEEDED = ("bash", "chown", "cp", "dirname", "id", "ln", "mkdir", "readlink", "realpath", "rm")


class Machine:
    """A machine that has only what the script itself calls, and the engines that a test gives it."""

    def __init__(self, folder: Path) -> None:
        self.results, self.said, self._tools = folder / "results", folder / "said", folder / "bin"
        self._tools.mkdir()
        for name in NEEDED:
            found = next(
                Path(place) / name for place in ("/usr/bin", "/bin") if (Path(place) / name).exists()
            )
            (self._tools / name).symlink_to(found)

    def add(self, name: str, script: str) -> None:
        (self._tools / name).write_text(script)
        (self._tools / name).chmod(0o755)

    def run(self, *words: str, code: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
        home = self.results.parent
        own = {"PATH": self._tools, "RESULTS": self.results, "HOME": home, "SAID": self.said}
        return subprocess.run(
            [ROOT / "build_and_run.sh", *words],
            env={name: str(value) for name, value in own.items()} | {"CODE": str(code)} | variables,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_an_engine_it_says_what_to_install(machine: Machine) -> None:
    machine.add("docker", "#!/bin/sh\nexit 1\n")  # a client whose daemon does not answer
    run = machine.run()
    assert run.returncode == 2
    assert "install podman, docker (and start it) or buildah" in run.stderr


@pytest.mark.parametrize("code", [0, 1])
def test_it_leaves_the_table_and_ends_with_the_code_of_pytest(machine: Machine, code: int) -> None:
    machine.add("podman", ENGINE)
    run = machine.run("--models", "resnet18", code=code)
    assert run.returncode == code, run.stderr
    assert (machine.results / "benchmark_results.csv").read_text() == "a,b\n"
    build, started = machine.said.read_text().splitlines()[-2:]
    assert build.startswith("build --target cpu ")
    assert started.endswith("localhost/tandem:cpu bench --output=. --models resnet18")


def test_a_run_that_did_not_start_leaves_no_old_table(machine: Machine) -> None:
    machine.add("docker", ENGINE)
    machine.run()
    assert (machine.results / "benchmark_results.csv").exists()
    run = machine.run("--models", "unknown", code=4)
    assert run.returncode == 4
    assert not (machine.results / "benchmark_results.csv").exists()


def test_counters_of_energy_are_mounted_where_they_can_be_read(machine: Machine, tmp_path: Path) -> None:
    machine.add("docker", ENGINE)
    machine.run(POWERCAP=str(tmp_path))
    assert "powercap" not in machine.said.read_text()
    (tmp_path / "intel-rapl:0").mkdir()
    (tmp_path / "intel-rapl:0" / "energy_uj").write_text("1\n")
    machine.run(POWERCAP=str(tmp_path))
    assert f"--volume {tmp_path}:/run/host/powercap:ro" in machine.said.read_text()


def test_settings_reach_the_build_and_secrets_by_reference_alone(machine: Machine) -> None:
    machine.add("docker", ENGINE)
    machine.run(
        BASE="localhost/debian", TARGET="gpu", PIP_INDEX_URL="https://user:secret@index.example/simple"
    )
    build, started = machine.said.read_text().splitlines()[-2:]
    assert "--target gpu" in build
    assert "--build-arg BASE=localhost/debian" in build
    assert "--secret id=index,env=PIP_INDEX_URL" in build
    assert "secret@" not in build
    assert "--gpus all" in started
    assert started.endswith("bench --output=. --devices cuda -m smoke")


def test_an_extra_of_the_image_exists() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    asked = re.findall(
        r"^ARG \w*EXTRAS=(\S+)$", (ROOT / "Containerfile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(asked) == 2
    assert {extra for each in asked for extra in each.split(",")} <= set(extras)


def test_what_the_image_takes_is_in_the_checkout() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    taken = [line.removeprefix("!") for line in lines if line.startswith("!")]
    assert taken
    assert [name for name in taken if not (ROOT / name).exists()] == []
    assert os.access(ROOT / ".ci" / "install_image", os.X_OK)
