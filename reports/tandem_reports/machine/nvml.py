"""The GPU as NVIDIA's management library sees it, through ``pynvml`` (nvidia-ml-py).

What a GPU or a driver does not tell is None, never an error: on many cards some of it is «not supported».
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any


class Nvml:
    """The GPU that CUDA takes first. That is so where CUDA counts by bus too, as ``Launcher`` sees to."""

    def __init__(self, library: Any) -> None:
        self.library = library
        self.handle: Any = None

    def ask(self, question: Callable[..., Any], *arguments: Any) -> Any:
        """The answer to a question about the GPU, or None."""
        return self.call(question, self.handle, *arguments)

    def call(self, question: Callable[..., Any], *arguments: Any) -> Any:
        """The answer to any question, or None."""
        try:
            return question(*arguments)
        except (self.library.NVMLError, self.library.NVMLLibraryMismatchError):
            return None

    def find(self) -> bool:
        """Look for the GPU. ``CUDA_VISIBLE_DEVICES`` names it by number or by UUID."""
        first = os.environ.get("CUDA_VISIBLE_DEVICES", "0").partition(",")[0].strip()
        if first.isdecimal():
            self.handle = self.call(self.library.nvmlDeviceGetHandleByIndex, int(first))
        else:
            self.handle = self.call(self.library.nvmlDeviceGetHandleByUUID, first)
        return self.handle is not None

    def identity(self) -> dict[str, Any]:
        """What decides how fast it may be: equal GPUs in equal states give equal values.

        Clocks that are locked (``nvidia-smi --lock-gpu-clocks``) are told by nothing that can be asked.
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
    """The library, initialised; None where there is no package, no driver or no permission."""
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
    """The GPU, to be closed; None where there is none to be asked."""
    library = load()
    if library is None:
        return None
    gpu = Nvml(library)
    if gpu.find():
        return gpu
    gpu.close()
    return None


def describe() -> dict[str, Any] | None:
    """The GPU's ``identity``; None where nothing tells it."""
    gpu = open_gpu()
    if gpu is None:
        return None
    try:
        return gpu.identity()
    finally:
        gpu.close()
