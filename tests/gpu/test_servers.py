"""Tests of servers whose replicas are on GPUs: each has its own if there are enough."""

from __future__ import annotations

import pytest

from tandem.vocabulary import device
from tests.conftest import Benches

pytestmark = pytest.mark.gpu


@pytest.mark.parametrize("server", ["litserve", "ray-serve"])
def test_two_replicas_take_two_gpus_or_share_the_only_one(benches: Benches, server: str) -> None:
    words = ["--devices=cuda", "--backends=eager", "--precisions=fp16"]
    load = ["--invocations=1", "--utilisations=0.3", "--queries=60", "--load-budget=5", "--clients=4"]
    words += [*load, f"--servers={server}", "--replicas=2"]
    ended = benches.run(*words, bench="bench_serving.py", models="resnet18")
    assert ended.exit_code == 0, ended.output
    (record,) = ended.records.values()
    seen = device.visible()
    expected = sorted((seen * 2)[:2])
    assert sorted(record.detail("traffic")["gpus"]) == expected
