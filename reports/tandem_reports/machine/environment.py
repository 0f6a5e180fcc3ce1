"""The machine and the software, with a fingerprint that is equal for comparable machines."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from tandem_reports.machine import nvml

#: Instruction sets that decide which kernels a runtime picks.
ISA_FLAGS = ("avx2", "fma", "f16c", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "avx512_fp16",
             "amx_tile", "amx_bf16", "amx_int8", "asimd", "asimddp", "bf16", "i8mm", "sve")  # fmt: skip


def describe(distributions: Iterable[str], gpu: bool = False) -> dict[str, Any]:
    """This machine, its fingerprint, the versions of ``distributions`` and the git commit."""
    machine = describe_machine(gpu)
    return {
        "fingerprint": fingerprint(machine),
        "machine": machine,
        "python": platform.python_version(),
        "versions": installed(distributions),
        "commit": describe_commit(),
    }


def fingerprint(machine: Mapping[str, Any]) -> str:
    """Name of a machine, fit for a folder; machines with comparable latencies have the same name."""
    digest = hashlib.sha256(repr(sorted(machine.items())).encode()).hexdigest()[:8]
    words = re.sub(r"[^a-z0-9]+", "-", machine["cpu"].lower()).strip("-")
    return f"{words[:40]}-{machine['cores']}-{digest}"


def describe_machine(gpu: bool = False) -> dict[str, Any]:
    """Properties of the machine that affect latency; equal machines have equal values.

    The GPU is included only for a run that uses it (``gpu``): it does not affect other runs.
    """
    cpu = _cpuinfo()
    flags = set(cpu.get("flags", cpu.get("Features", "")).split())
    return {
        "cpu": cpu.get("model name", platform.processor() or platform.machine()),
        "architecture": platform.machine(),
        "isa": [flag for flag in ISA_FLAGS if flag in flags],
        "cores": os.cpu_count(),
        "governor": _governor(),
        **({"gpu": nvml.describe()} if gpu else {}),
        # A name that people gave to this kind of machine, such as that of a cloud's instances.
        **({"kind": kind} if (kind := os.environ.get("TANDEM_KIND")) else {}),
    }


def installed(distributions: Iterable[str]) -> dict[str, str]:
    """Version of each distribution that is installed."""
    found = {}
    for name in sorted(set(distributions)):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def packages() -> dict[str, str]:
    """Version of every distribution here that an index may have: one that was made here is left out."""
    found = dict[str, str]()
    for each in metadata.distributions():
        name = each.metadata["Name"]
        if name and each.read_text("direct_url.json") is None:
            found.setdefault(normalised(name), each.version)
    return dict(sorted(found.items()))


def normalised(name: str) -> str:
    """The name of a distribution as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def describe_commit() -> dict[str, Any] | None:
    """Commit of the working directory, and ``dirty`` for uncommitted changes; None outside git."""
    try:
        identity = _git("rev-parse", "HEAD")
        return {"id": identity, "dirty": bool(_git("status", "--porcelain"))}
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], check=True, capture_output=True, encoding="utf-8", errors="replace"
    ).stdout.strip()


def _cpuinfo() -> dict[str, str]:
    """The first processor's entries of /proc/cpuinfo; empty if the file cannot be read."""
    try:
        first = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n", 1)[0]
    except OSError:
        return {}
    pairs = (line.split(":", 1) for line in first.splitlines() if ":" in line)
    return {name.strip(): value.strip() for name, value in pairs}


def _governor() -> str | None:
    try:
        return (
            Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor").read_text(encoding="utf-8").strip()
        )
    except OSError:
        return None
