"""Graphs made for a GPU, computed on the CPU of this machine."""

from __future__ import annotations

from typing import Any

from tandem.answers import truth
from tandem.answers.agreement import Agreement, agree
from tandem.conversion.job import Job


def checked(wanted: Job, graph: Any) -> Agreement:
    """Agreement of ONNX Runtime's answers on the CPU, in floating point between Q and DQ."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Its fused integer kernels read fp16 scales as fp32, and it has no such kernel for E4M3.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    session = onnxruntime.InferenceSession(graph.SerializeToString(), options, ["CPUExecutionProvider"])
    spec = wanted.case.inputs()
    outputs = session.run(None, wanted.model.inputs(spec))
    return agree(wanted.model, wanted.case.precision, [outputs], [truth.load(wanted, spec, wanted.cache)])
