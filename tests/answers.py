"""Answers as arrays, and the agreement of a precision with a truth."""

from __future__ import annotations

import numpy as np

from tandem.answers.agreement import Agreement, Array, Truth, agree
from tandem.models import find_model

MODEL = find_model("resnet18")


def made(ref64: Array, rounding: float = 0.0) -> Truth:
    """A truth with a 16-bit twin, whose error is the share ``rounding`` of each element."""
    ref64 = ref64.astype(np.float64)
    twin = ref64 * (1 + rounding * np.random.default_rng(1).standard_normal(ref64.shape))
    return Truth([ref64], [ref64.astype(np.float32)], [twin.astype(np.float32)])


def judged(precision: str, truth: Truth, *outputs: Array) -> Agreement:
    return agree(MODEL, precision, [list(outputs)], [truth])


def noisy(array: Array, noise: float | Array, seed: int = 2) -> Array:
    """The array with errors that are a share of each element."""
    errors = np.random.default_rng(seed).standard_normal(array.shape)
    return np.asarray(array * (1 + noise * errors), np.float32)
