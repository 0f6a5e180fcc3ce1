"""Small networks of the kinds that quantisers leave out, and the share that a case of them converts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tandem.backends import find_backend
from tandem.cache.store import Cache
from tandem.conversion.job import Job
from tandem.models.arrays import Arrays
from tandem.models.base import Model
from tandem.vocabulary.case import Case, InputSpec
from tandem.vocabulary.requirement import TORCH

WIDTH = 16
NO_LAYERS = "no Conv, MatMul or Gemm with constant weights outside If and Loop"


def nn() -> Any:
    return pytest.importorskip("torch").nn


def subclass(**members: Any) -> Any:
    return type("Own", (nn().Linear,), members)(WIDTH, WIDTH)


def scaled(layer: Any, x: Any) -> Any:
    return 2 * nn().functional.linear(x, layer.weight, layer.bias)


def normed(way: str) -> Any:
    from torch.nn.utils import parametrizations

    return getattr(parametrizations, way)(nn().Linear(WIDTH, WIDTH))


def twice() -> Any:
    """One layer under two names, and another with the same weights."""
    first, second = nn().Linear(WIDTH, WIDTH), nn().Linear(WIDTH, WIDTH)
    second.weight = first.weight
    return nn().Sequential(first, first, second)


def attention(*behind: Any) -> Any:
    class Attention(nn().Module):  # type: ignore[misc]  # its package may be missing
        def __init__(self) -> None:
            super().__init__()
            self.attention = nn().MultiheadAttention(WIDTH, 2, batch_first=True)
            self.behind = nn().Sequential(*behind)

        def forward(self, x: Any) -> Any:
            return self.behind(self.attention(x, x, x, need_weights=False)[0])

    return Attention()


def recurrent(kind: str) -> Any:
    class First(nn().Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.layer = getattr(nn(), kind)(WIDTH, WIDTH, batch_first=True)

        def forward(self, x: Any) -> Any:
            return self.layer(x)[0]

    return First()


def reading() -> Any:
    class Reading(nn().Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn().Linear(WIDTH, WIDTH)

        def forward(self, x: Any) -> Any:
            return nn().functional.linear(x, self.layer.weight.float())

    return Reading()


def casting() -> Any:
    class Casting(nn().Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn().Linear(WIDTH, WIDTH)

        def forward(self, x: Any) -> Any:
            return nn().functional.linear(x.float(), self.layer.weight.float())

    return Casting()


def encoder() -> Any:
    return nn().TransformerEncoderLayer(WIDTH, 2, 2 * WIDTH, dropout=0, batch_first=True)


#: By name of a network: the function that builds it, and the shape of a sample.
NETWORKS: dict[str, tuple[Callable[[], Any], tuple[int, ...]]] = {
    "bare": (lambda: nn().Linear(WIDTH, WIDTH), (WIDTH,)),
    "subclass": (subclass, (WIDTH,)),
    "weight norm": (lambda: normed("weight_norm"), (WIDTH,)),
    "spectral norm": (lambda: normed("spectral_norm"), (WIDTH,)),
    "twice": (twice, (WIDTH,)),
    "other forward": (lambda: nn().Sequential(subclass(forward=scaled), nn().Linear(WIDTH, WIDTH)), (WIDTH,)),
    "only another forward": (lambda: subclass(forward=scaled), (WIDTH,)),
    "attention": (attention, (5, WIDTH)),
    "attention and a layer": (lambda: attention(nn().Linear(WIDTH, WIDTH)), (5, WIDTH)),
    "encoder": (encoder, (5, WIDTH)),
    "mlp": (lambda: nn().Sequential(nn().Linear(WIDTH, 32), nn().GELU(), nn().Linear(32, 8)), (WIDTH,)),
    "lstm": (lambda: recurrent("LSTM"), (5, WIDTH)),
    "gru": (lambda: recurrent("GRU"), (5, WIDTH)),
    "reading": (reading, (WIDTH,)),
    "casting": (casting, (WIDTH,)),
    "conv1d": (lambda: nn().Conv1d(4, 8, 3), (4, 12)),
    "transposed": (lambda: nn().ConvTranspose2d(4, 8, 3), (4, 6, 6)),
    "nothing": (lambda: nn().ReLU(), (WIDTH,)),
}


def network(name: str) -> Model:
    import torch

    build, shape = NETWORKS[name]

    def made() -> Any:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            return build()

    def inputs(spec: InputSpec) -> Arrays:
        return {"x": np.random.default_rng(spec.seed).standard_normal((spec.batch, *shape), np.float32)}

    nothing = lambda _module, _source: None  # noqa: E731
    return Model(name, made, nothing, inputs, {"x": {0: "batch"}}, (TORCH,), abstract=False, sources=("own",))


def job_of(model: Model, runtime: str, folder: Path) -> Job:
    backend, _, precision = runtime.partition(" ")
    return Job(Case("small", backend, precision, 2), model, weights="own", threads=1, cache=Cache(folder))


def share(job: Job) -> float | None:
    """The converted share that the job's session reports, and that it can answer."""
    session = find_backend(job.case.backend).prepare(job)
    found = session.converted()
    assert session.fetch(session.run(session.feed(job.model.inputs(job.case.inputs()))))
    return found
