"""A scripted NVML: the answers of ``pynvml`` on one GPU, or its errors."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any


class NVMLError(Exception):
    """Like the error of pynvml: the value is not supported, or the GPU does not exist."""


def unsupported(*_arguments: Any) -> Any:
    raise NVMLError("Not Supported")


class ScriptedNvml:
    """Stands in for the module; a test changes the answers by setting attributes."""

    NVMLError = NVMLError
    NVMLLibraryMismatchError = type("NVMLLibraryMismatchError", (Exception,), {})
    NVML_CLOCK_SM = 1
    NVML_CLOCK_MEM = 2
    NVML_TEMPERATURE_GPU = 0
    nvmlClocksEventReasonSwPowerCap = 4
    nvmlClocksEventReasonHwSlowdown = 8
    nvmlClocksEventReasonSwThermalSlowdown = 32
    nvmlClocksEventReasonHwThermalSlowdown = 64
    nvmlClocksEventReasonHwPowerBrakeSlowdown = 128

    def __init__(self) -> None:
        self.found: list[Any] = []
        self.clocks_mhz = {self.NVML_CLOCK_SM: 1755, self.NVML_CLOCK_MEM: 2619}
        self.reasons = 0
        self.temperature_c = 41
        self.energy_mj: Callable[[], int] = lambda: 1_000
        self.pid = os.getpid()
        self.open = 1

    def nvmlShutdown(self) -> None:
        self.open -= 1

    def nvmlDeviceGetHandleByIndex(self, index: int) -> Any:
        self.found.append(index)
        return self if index == 0 else unsupported()

    def nvmlDeviceGetHandleByUUID(self, uuid: str) -> Any:
        self.found.append(uuid)
        return self if uuid.startswith("GPU-") else unsupported()

    def nvmlSystemGetDriverVersion(self) -> str:
        return "580.95.05"

    def nvmlSystemGetCudaDriverVersion(self) -> int:
        return 13020

    def nvmlDeviceGetName(self, _gpu: Any) -> str:
        return "Scripted GPU"

    def nvmlDeviceGetPersistenceMode(self, _gpu: Any) -> int:
        return 1

    def nvmlDeviceGetApplicationsClock(self, _gpu: Any, kind: int) -> int:
        return self.clocks_mhz[kind]

    def nvmlDeviceGetMaxClockInfo(self, _gpu: Any, kind: int) -> int:
        return self.clocks_mhz[kind]

    def nvmlDeviceGetPowerManagementLimit(self, _gpu: Any) -> int:
        return 700_000

    def nvmlDeviceGetClockInfo(self, _gpu: Any, kind: int) -> int:
        return self.clocks_mhz[kind]

    def nvmlDeviceGetTemperature(self, _gpu: Any, _sensor: int) -> int:
        return self.temperature_c

    def nvmlDeviceGetPowerUsage(self, _gpu: Any) -> int:
        return 300_500

    def nvmlDeviceGetCurrentClocksEventReasons(self, _gpu: Any) -> int:
        return self.reasons

    def nvmlDeviceGetTotalEnergyConsumption(self, _gpu: Any) -> int:
        return self.energy_mj()

    def nvmlDeviceGetMemoryInfo(self, _gpu: Any) -> Any:
        return SimpleNamespace(used=9_000)

    def nvmlDeviceGetComputeRunningProcesses(self, _gpu: Any) -> list[Any]:
        others = SimpleNamespace(pid=1, usedGpuMemory=5_000)
        return [others, SimpleNamespace(pid=self.pid, usedGpuMemory=3_000)]
