"""A scripted GPU: the calls of pycuda and TensorRT that a session makes, on memory of the host.

Enqueued work runs when the stream is synchronised, not before. A double only has names that the real class
has too: see ``Double``.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

DATA = Path(__file__).parent / "fixtures" / "data"
SIDE = 3


def listed(name: str) -> set[str]:
    """The names in a listing."""
    lines = (DATA / f"{name}.names.txt").read_text().splitlines()
    return {line for line in lines if not line.startswith("#")}


class Double:
    """Stands in for an object of a library on a ``gpu``, which notes the end of its life."""

    def __init_subclass__(cls, listing: str) -> None:
        names = {f"{cls.__name__}.{name}" for name in vars(cls) if not name.startswith("_")}
        assert names <= listed(listing), names - listed(listing)

    def __init__(self, gpu: Gpu) -> None:
        self._gpu = gpu

    def __del__(self) -> None:
        self._gpu.notes.append(f"end of {type(self).__name__}")


class Gpu:
    """Memory by address, a queue, and notes on all actions, in order."""

    def __init__(self, plan: Callable[[np.ndarray], np.ndarray]) -> None:
        self.plan = plan
        self.notes: list[str] = []
        self.memory: dict[int, np.ndarray] = {}
        self.queue: list[Callable[[], None]] = []
        self.captured: list[Callable[[], None]] | None = None
        self.addresses = itertools.count(1000, 1000)
        self.loads = True

    def enqueue(self, work: Callable[[], None]) -> None:
        (self.queue if self.captured is None else self.captured).append(work)

    def driver(self) -> Any:
        """A double of ``pycuda.driver``."""
        return SimpleNamespace(
            Device=lambda _index: Device(self),
            Stream=lambda _flags: Stream(self),
            Event=lambda: Event(self),
            mem_alloc=lambda size: DeviceAllocation(self, size),
            pagelocked_empty=lambda shape, dtype: np.ndarray(shape, dtype, PageLocked(self, shape, dtype)),
            memcpy_htod_async=lambda device, host, _stream: self.enqueue(lambda: self.write(device, host)),
            memcpy_dtoh_async=lambda host, device, _stream: self.enqueue(lambda: self.read(host, device)),
        )

    def write(self, device: Any, host: np.ndarray) -> None:
        self.memory[int(device)][: host.nbytes] = host.reshape(-1).view(np.uint8)

    def read(self, host: np.ndarray, device: Any) -> None:
        host.reshape(-1).view(np.uint8)[:] = self.memory[int(device)][: host.nbytes]

    def tensorrt(self, dtype: Any = np.float32) -> Any:
        """A double of TensorRT's module."""
        return SimpleNamespace(
            __version__="0",
            ILogger=type("ILogger", (), {"ERROR": 1, "INTERNAL_ERROR": 0}),
            Runtime=lambda _logger: Runtime(self),
            LayerInformationFormat=SimpleNamespace(JSON="json"),
            nptype=lambda name: np.float32 if name == "image" else dtype,
        )


class Device(Double, listing="pycuda-2026.1"):
    def retain_primary_context(self) -> Context:
        return Context(self._gpu)


class Context(Double, listing="pycuda-2026.1"):
    def push(self) -> None:
        self._gpu.notes.append("push")

    def pop(self) -> None:
        self._gpu.notes.append("pop")

    def detach(self) -> None:
        self._gpu.notes.append("detach")


class Stream(Double, listing="pycuda-2026.1"):
    handle = 7

    def synchronize(self) -> None:
        work, self._gpu.queue = self._gpu.queue, []
        for each in work:
            each()


class Event(Double, listing="pycuda-2026.1"):
    def record(self, _stream: Stream) -> None:
        self._gpu.notes.append("record")

    def time_since(self, _start: Event) -> float:
        return 2.5


class DeviceAllocation(Double, listing="pycuda-2026.1"):
    def __init__(self, gpu: Gpu, size: int) -> None:
        super().__init__(gpu)
        self._address = next(gpu.addresses)
        gpu.memory[self._address] = np.zeros(size, np.uint8)

    def __int__(self) -> int:
        return self._address

    def free(self) -> None:
        del self._gpu.memory[self._address]
        self._gpu.notes.append("free")


class PageLocked(bytearray):
    """Memory of an array on the host."""

    def __init__(self, gpu: Gpu, shape: tuple[int, ...], dtype: Any) -> None:
        super().__init__(int(np.prod(shape)) * np.dtype(dtype).itemsize)
        self._gpu = gpu

    def free(self) -> None:
        self._gpu.notes.append("unlock")


class Runtime(Double, listing="tensorrt-11.4"):
    def deserialize_cuda_engine(self, plan: Any) -> ICudaEngine | None:
        assert bytes(plan) == b"plan"
        return ICudaEngine(self._gpu) if self._gpu.loads else None


class ICudaEngine(Double, listing="tensorrt-11.4"):
    def create_execution_context(self) -> IExecutionContext:
        return IExecutionContext(self._gpu)

    def create_engine_inspector(self) -> EngineInspector:
        return EngineInspector(self._gpu)

    def get_tensor_dtype(self, name: str) -> str:
        return name


class EngineInspector(Double, listing="tensorrt-11.4"):
    def get_engine_information(self, _form: str) -> str:
        return '{"Layers": [{"Name": "first"}, "second"]}'


class IExecutionContext(Double, listing="tensorrt-11.4"):
    """Takes images of up to 4 samples."""

    def __init__(self, gpu: Gpu) -> None:
        super().__init__(gpu)
        self._shape: tuple[int, ...] = ()
        self._addresses: dict[str, int] = {}

    def set_optimization_profile_async(self, index: int, handle: int) -> bool:
        return (index, handle) == (0, Stream.handle)

    def set_input_shape(self, name: str, shape: tuple[int, ...]) -> bool:
        self._shape = shape
        return name == "image" and shape[0] <= 4

    def infer_shapes(self) -> list[str]:
        return [] if self._shape else ["image"]

    def get_tensor_shape(self, _name: str) -> tuple[int, ...]:
        return self._gpu.plan(np.zeros(self._shape, np.float32)).shape

    def set_tensor_address(self, name: str, address: int) -> bool:
        self._gpu.notes.append(f"bind {name}")
        self._addresses[name] = address
        return True

    def execute_async_v3(self, handle: int) -> bool:
        self._gpu.notes.append("execute")
        source, target = self._addresses["image"], self._addresses["logits"]
        self._gpu.enqueue(lambda shape=self._shape: self._gpu_run(shape, source, target))  # type: ignore[misc]
        return handle == Stream.handle

    def _gpu_run(self, shape: tuple[int, ...], source: int, target: int) -> None:
        count = int(np.prod(shape)) * 4
        image = self._gpu.memory[source][:count].view(np.float32).reshape(shape)
        answer = self._gpu.plan(image).reshape(-1).view(np.uint8)
        self._gpu.memory[target][: answer.size] = answer
