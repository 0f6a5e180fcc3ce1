"""Tests of faults on a GPU: each one fails its own case and is named there, and the next case is timed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tandem.vocabulary.requirement import ONNXRUNTIME_GPU
from tests.conftest import Benches, Run

pytestmark = pytest.mark.gpu
FAULTY = Path(__file__).with_name("faulty.py")
#: Part of the message of each fault, by factory.
FAULTS = {
    "wrong": "disagrees with the fp64 reference",
    "greedy": "out of memory",
    "endless": "within 60 s, so it was killed",
    "stray": "device-side assert",
}


def run(benches: Benches, *words: str, named: str) -> Run:
    """Run the cases on the GPU whose models have ``named`` in their name, and so not the fake one."""
    partners = ["--reference=eager-fp32", "--yardstick=matmul-eager-fp32"]
    return benches.run(*words, *partners, "--devices=cuda", "--case-timeout=60", "-k", named)


def test_a_fault_fails_its_own_case_and_the_one_after_it_is_timed(benches: Benches) -> None:
    factories = [f"--model={FAULTY}:{name}" for name in (*FAULTS, "sound")]
    ended = run(benches, *factories, "--backends=eager", named="faulty")
    assert ended.exit_code == 1
    for name, words in FAULTS.items():
        record = ended.records[f"faulty-{name}-eager-fp32-b1-cuda"]
        assert (record.status, record.number("p50")) == ("failed", None)
        assert words in record.outcome
    sound = ended.records["faulty-sound-eager-fp32-b1-cuda"]
    assert sound.status == "ok", sound.outcome
    assert 0 < (sound.number("device_p50") or 0) <= (sound.number("p50") or 0)


@pytest.fixture
def tan(tmp_path: Path) -> Path:
    """A graph of two nodes; ONNX Runtime has no CUDA kernel for the second."""
    onnx = pytest.importorskip("onnx")
    helper = onnx.helper
    ports = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["batch", 64]) for name in "xy"]
    nodes = [helper.make_node("Sigmoid", ["x"], ["z"]), helper.make_node("Tan", ["z"], ["y"], name="the_tan")]
    graph = helper.make_graph(nodes, "tan", ports[:1], ports[1:])
    path = tmp_path / "tan.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10), path)
    return path


@pytest.mark.skipif(ONNXRUNTIME_GPU.missing() is not None, reason=str(ONNXRUNTIME_GPU.missing()))
def test_a_node_that_falls_back_is_named_and_refused_unless_that_is_allowed(
    benches: Benches, tan: Path
) -> None:
    case, words = "tan.onnx-onnxruntime-fp32-b1-cuda", [f"--model={tan}", "--backends=onnxruntime"]
    refused = run(benches, *words, named="tan").records[case]
    assert refused.status == "failed"
    assert "the_tan (Tan) on cpu" in refused.outcome
    allowed = run(benches, *words, "--allow-partial", named="tan").records[case]
    assert allowed.status == "ok", allowed.outcome
    assert allowed.detail("placement")["cpu"] == 1
