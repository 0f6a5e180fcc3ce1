"""Jobs for a user's own models, and the check that every case passes before it is timed."""

from __future__ import annotations

import contextlib
import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tandem.answers import truth
from tandem.answers.agreement import agree
from tandem.backends import find_backend
from tandem.cache.store import Cache
from tandem.conversion.job import Job
from tandem.models import own
from tandem.vocabulary import device
from tandem.vocabulary.case import Case


def job(name: object, folder: Path, backend: str, precision: str = "fp32", batch: int = 2) -> Job:
    model = own.complete(str(name), own.describe(str(name)))
    return Job(
        Case(str(name), backend, precision, batch),
        model,
        weights="seeded",
        threads=1,
        cache=Cache(folder / "cache"),
    )


def check(wanted: Job) -> list[np.ndarray[Any, Any]]:
    """Assert that the session agrees with the model's reference, and return its answer."""
    session = find_backend(wanted.case.backend).prepare(wanted)
    outputs = session.fetch(session.run(session.feed(wanted.model.inputs(wanted.case.inputs()))))
    expected = truth.load(wanted, wanted.case.inputs(), wanted.cache)
    found = agree(wanted.model, wanted.case.precision, [outputs], [expected])
    assert found.passed, found.message(wanted.case.id)
    return outputs


def tensorflow() -> Any:
    """TensorFlow, if installed, with one thread: the process has one pool, made by its first user.

    Triton, which PyTorch imports when it exports, aborts a process that has TensorFlow already.
    """
    with contextlib.suppress(ImportError):
        importlib.import_module("triton")
    tf = pytest.importorskip("tensorflow")
    tf.config.threading.set_intra_op_parallelism_threads(1)
    return tf


def network() -> Any:
    """A small image classifier, 3 × 8 × 8 to 4, with weights."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(288, 4)
    ).eval()


def skip_without_instructions(backend: str, precision: str) -> None:
    """Skip the test if the backend cannot compute in the precision on this processor."""
    sets = find_backend(backend).precision_instructions.get(precision, ())
    if sets and (reason := device.cannot_compute(backend, precision, sets)):
        pytest.skip(reason)
