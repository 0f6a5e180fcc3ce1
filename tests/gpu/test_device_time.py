"""Test that a session reports the same GPU time as Triton's bench and as a plain loop of events."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest

from tandem.backends import find_backend
from tandem.backends.base import Session
from tandem.cache.store import Cache
from tandem.conversion.job import Job
from tandem.instruments.clock import nothing, time_calls
from tandem.instruments.flush import Flusher
from tandem.models import find_model
from tandem.vocabulary.case import Case
from tandem.workers import needs

pytestmark = pytest.mark.gpu
#: Work of some milliseconds: the time of an event itself does not matter.
BATCH = 32
CALLS = 30
#: Turns of all methods, one after the other, so that a GPU that gets warm favours none.
TURNS = 5
WITHIN = 0.02
#: Milliseconds from a call's first event to its first kernel. Triton's bench launches the call while its
#: flush still runs, which hides them; ours waits for the flush, since it times the caller too.
LAUNCH_MS = 0.5


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    return Cache(tmp_path_factory.mktemp("cache"))


@pytest.mark.parametrize("backend", ["eager", "inductor", "onnxruntime"])
def test_time_on_the_device_is_what_others_measure(backend: str, cache: Cache) -> None:
    testing = pytest.importorskip("triton.testing")
    case = Case("resnet50", backend, "fp32", BATCH, device="cuda")
    if reason := needs.missing(case):
        pytest.skip(reason)
    model = find_model("resnet50")
    session = find_backend(backend).prepare(Job(case, model, weights="seeded", threads=2, cache=cache))
    feed = session.feed(model.inputs(case.inputs()))

    def ours(between: Callable[[], None]) -> float:
        return statistics.median(time_calls(session, [feed], CALLS, 0, 3, between).device_ns) / 1e6

    def triton() -> float:
        found: float = testing.do_bench(lambda: session.run(feed), return_mode="median")
        return found

    with on_its_stream(backend):
        flush = Flusher().between
        found = [(ours(flush), triton(), ours(nothing), plain(session, feed)) for _ in range(TURNS)]
    flushed, benched, left, looped = map(statistics.median, zip(*found, strict=True))
    assert benched * (1 - WITHIN) <= flushed <= benched * (1 + WITHIN) + LAUNCH_MS
    assert left == pytest.approx(looped, rel=WITHIN)


def on_its_stream(backend: str) -> AbstractContextManager[Any]:
    """Make the session's stream current: other tools record their events on the current stream."""
    import torch

    from tandem.backends import onnxruntime_session

    return torch.cuda.stream(onnxruntime_session.stream()) if backend == "onnxruntime" else nullcontext()


def plain(session: Session, feed: Any) -> float:
    """Median time of the session's call in a loop, in milliseconds."""
    import torch

    samples = list[float]()
    for _ in range(CALLS):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        session.run(feed)
        end.record()
        torch.cuda.synchronize()
        samples.append(start.elapsed_time(end))
    return statistics.median(samples)
