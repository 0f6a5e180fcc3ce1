"""Tests that need an NVIDIA GPU: ``python -m tox run -e gpu`` runs them."""

from __future__ import annotations

import pytest

from tandem.vocabulary import device


@pytest.fixture(autouse=True)
def gpu() -> None:
    """Skip each test if there is no GPU."""
    if reason := device.missing(device.CUDA):
        pytest.skip(reason)
