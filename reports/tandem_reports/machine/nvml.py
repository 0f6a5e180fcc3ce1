"""The GPU as NVIDIA's management library sees it, through ``pynvml`` (nvidia-ml-py).

A value that a GPU or a driver does not report is None, never an error: many cards do not support all of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any


class Nvml:
    """The GPU that CUDA takes first, since ``Launcher`` makes CUDA count GPUs by bus too."""

    def __init__(self, library: Any) -> None:
        self.library = library
        self.handle: Any = None

    def ask(self, question: Callable[..., Any], *arguments: Any) -> Any:
        """The answer to a query about the GPU; None if there is none."""
        return self.call(question, self.handle, *arguments)

    def call(self, question: Callable[..., Any], *arguments: Any) -> Any:
        """The answer to any query; None if there is none."""
        try:
            return question(*arguments)
        except (self.library.NVMLError, self.library.NVMLLibraryMismatchError):
            return None

    def find(self) -> bool:
        """Look for the GPU; return True if found. ``CUDA_VISIBLE_DEVICES`` names it by number or by UUID."""
        first = os.environ.get("CUDA_VISIBLE_DEVICES", "0").partition(",")[0].strip()
        if first.isdecimal():
            self.handle = self.call(self.library.nvmlDeviceGetHandleByIndex, int(first))
        else:
            self.handle = self.call(self.library.nvmlDeviceGetHandleByUUID, first)
        return self.handle is not None

    def identity(self) -> dict[str, Any]:
        """Properties that decide the speed of the GPU: equal GPUs in equal states have equal values.

        No query reports locked clocks (``nvidia-smi --lock-gpu-clocks``).
        """
        library, ask = self.library, self.ask
        cuda = self.call(library.nvmlSystemGetCudaDriverVersion)
        clocks = {"sm": library.NVML_CLOCK_SM, "memory": library.NVML_CLOCK_MEM}
        return {
            "name": ask(library.nvmlDeviceGetName),
            "driver": self.call(library.nvmlSystemGetDriverVersion),
            "cuda": None if cuda is None else f"{cuda // 1000}.{cuda % 1000 // 10}",
            "persistence_mode": flag(ask(library.nvmlDeviceGetPersistenceMode)),
            "application_clocks_mhz": {
                name: ask(library.nvmlDeviceGetApplicationsClock, clock) for name, clock in clocks.items()
            },
            "highest_clocks_mhz": {
                name: ask(library.nvmlDeviceGetMaxClockInfo, clock) for name, clock in clocks.items()
            },
            "power_limit_mw": ask(library.nvmlDeviceGetPowerManagementLimit),
        }

    def close(self) -> None:
        self.call(self.library.nvmlShutdown)


def flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def load() -> Any:
    """The library, initialised; None if the package, the driver or the permission is missing."""
    try:
        import pynvml
    except ImportError:
        return None
    try:
        pynvml.nvmlInit()
    except (pynvml.NVMLError, pynvml.NVMLLibraryMismatchError):
        return None
    return pynvml


def open_gpu() -> Nvml | None:
    """The GPU, which the caller closes; None if no GPU can be queried."""
    library = load()
    if library is None:
        return None
    gpu = Nvml(library)
    if gpu.find():
        return gpu
    gpu.close()
    return None


def describe() -> dict[str, Any] | None:
    """The GPU's ``identity``; None if no GPU can be queried."""
    gpu = open_gpu()
    if gpu is None:
        return None
    try:
        return gpu.identity()
    finally:
        gpu.close()
