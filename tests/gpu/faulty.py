"""Networks with a fault on a GPU only; on a CPU they are all the same sound network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

PETABYTE = 1 << 50


class Network(nn.Module):
    """A linear layer, and a function that changes its answer on a GPU."""

    def __init__(self, on_gpu: Callable[[Any], Any]) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.layer, self.on_gpu = nn.Linear(64, 8), on_gpu

    def forward(self, x: Any) -> Any:
        y = self.layer(x)
        return self.on_gpu(y) if y.is_cuda else y


def made(on_gpu: Callable[[Any], Any]) -> tuple[nn.Module, dict[str, Any]]:
    return Network(on_gpu).eval(), {"x": torch.randn(2, 64)}


def sound() -> tuple[nn.Module, dict[str, Any]]:
    return made(lambda y: y)


def wrong() -> tuple[nn.Module, dict[str, Any]]:
    """A network that answers as if one row of the weights had not been copied."""
    return made(lambda y: torch.cat([y[:, :-1], torch.zeros_like(y[:, -1:])], 1))


def greedy() -> tuple[nn.Module, dict[str, Any]]:
    def ask_for_memory(y: Any) -> Any:
        return y + torch.empty(PETABYTE, device=y.device).sum()

    return made(ask_for_memory)


def endless() -> tuple[nn.Module, dict[str, Any]]:
    def spin(y: Any) -> Any:
        torch.cuda._sleep(1 << 62)  # cycles: about ninety years
        return y

    return made(spin)


def stray() -> tuple[nn.Module, dict[str, Any]]:
    """A network that reads outside its memory, which makes the whole CUDA context of the process unusable."""
    return made(lambda y: y[:, torch.full((8,), 1 << 20, device=y.device)])
