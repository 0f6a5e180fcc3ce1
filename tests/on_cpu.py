"""Graphs that are for a GPU, computed on this machine."""

from __future__ import annotations

from typing import Any

from tandem.answers import truth
from tandem.answers.agreement import Agreement, agree
from tandem.conversion.job import Job


def checked(wanted: Job, graph: Any) -> Agreement:
    """Of what ONNX Runtime answers on the CPU, in floating point between Q and DQ."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # It takes fp16 scales for fp32 where it fuses them into integer kernels, and has none for E4M3.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    session = onnxruntime.InferenceSession(graph.SerializeToString(), options, ["CPUExecutionProvider"])
    spec = wanted.case.inputs()
    outputs = session.run(None, wanted.model.inputs(spec))
    return agree(wanted.model, wanted.case.precision, [outputs], [truth.load(wanted, spec, wanted.cache)])
