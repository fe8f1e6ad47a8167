"""Normalisation and MLP of a transformer block."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from lib.model.config import TransformerConfig
from lib.model.operations import rms_norm, swiglu

NONLINEARITIES = {
    "gelu": F.gelu,
    "gelu_new": lambda x: F.gelu(x, approximate="tanh"),
    "relu": F.relu,
}


class Norm(nn.Module):
    """RMSNorm or LayerNorm over the last dimension."""

    def __init__(self, config: TransformerConfig):
        super().__init__()
        self.kind, self.eps = config.norm, config.norm_eps
        self.weight = nn.Parameter(torch.ones(config.width))
        has_bias = config.biases and config.norm == "layer"
        self.bias = nn.Parameter(torch.zeros(config.width)) if has_bias else None

    def forward(self, x: Float[Tensor, "... D"]) -> Float[Tensor, "... D"]:
        if self.kind == "rms":
            return rms_norm(x, self.weight, self.eps)
        return F.layer_norm(x, self.weight.shape, self.weight, self.bias, self.eps)


class MLP(nn.Module):
    """Two linear maps around a nonlinearity; `swiglu` multiplies a gate and a value."""

    def __init__(self, config: TransformerConfig):
        super().__init__()
        self.kind = config.mlp
        if config.mlp == "swiglu":
            self.gate = nn.Linear(config.width, config.mlp_width, bias=config.biases)
        self.up = nn.Linear(config.width, config.mlp_width, bias=config.biases)
        self.down = nn.Linear(config.mlp_width, config.width, bias=config.biases)

    def activate(self, x: Float[Tensor, "B T D"]) -> Float[Tensor, "B T M"]:
        """The MLP's inside, after the nonlinearity."""
        if self.kind == "swiglu":
            return swiglu(self.gate(x), self.up(x))
        return NONLINEARITIES[self.kind](self.up(x))
