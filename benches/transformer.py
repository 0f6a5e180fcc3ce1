"""A small transformer with two inputs: ``--model benches/transformer.py:make``."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class Small(nn.Module):
    """Two layers of 128 on 32 tokens; each token has a weight."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(1000, 128)
        layer = nn.TransformerEncoderLayer(128, 4, 512, dropout=0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(128, 16)

    def forward(self, ids: Any, weight: Any) -> Any:
        return self.head(self.encoder(self.table(ids) * weight.unsqueeze(-1)))


def make() -> tuple[nn.Module, dict[str, Any]]:
    """The module, and an example of its inputs: ids and weights of shape 1 × 32."""
    torch.manual_seed(0)
    return Small(), {"ids": torch.randint(0, 1000, (1, 32)), "weight": torch.rand(1, 32) + 0.5}
