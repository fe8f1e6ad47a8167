"""The loss of a language model without ever holding all its logits."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor
from torch.autograd import Function

from lib.core.device import product_dtype

# Logits held at once, by whether the device is a CPU: there they should stay in the cache; on a GPU
# a launch should be worth its while. Fewer rows than the last number make slow products.
CHUNK_LOGITS = {True: 2**18, False: 2**26}
FEWEST_ROWS = 64


def linear_cross_entropy(
    hidden: Float[Tensor, "N D"],
    weight: Float[Tensor, "V D"],
    bias: Float[Tensor, " V"] | None,
    targets: Int[Tensor, " N"],
) -> Float[Tensor, ""]:
    """Summed loss in nats: equal to
    `F.cross_entropy(F.linear(hidden, weight, bias).float(), targets, reduction="sum")`.

    The derivative of each chunk is computed with its loss, while its logits are at hand; a
    vocabulary of 50,000 would otherwise need gigabytes. Under autocast the products run in its
    format, softmax and loss in float32 at least.
    """
    return _LinearCrossEntropy.apply(
        hidden, weight, bias, targets, product_dtype(hidden), torch.is_grad_enabled()
    )


class _LinearCrossEntropy(Function):
    @staticmethod
    def forward(ctx, hidden, weight, bias, targets, dtype, wants_gradient):
        rows = max(FEWEST_ROWS, CHUNK_LOGITS[hidden.device.type == "cpu"] // weight.shape[0])
        exact = torch.promote_types(dtype, torch.float32)
        low, low_bias = weight.to(dtype), None if bias is None else bias.to(dtype)
        total = hidden.new_zeros((), dtype=exact)
        if wants_gradient:
            d_hidden = torch.empty_like(hidden, dtype=dtype)
            d_weight = torch.zeros_like(weight, dtype=exact)
            d_bias = None if bias is None else torch.zeros_like(bias, dtype=exact)
        for i in range(0, len(hidden), rows):
            h, target = hidden[i : i + rows].to(dtype), targets[i : i + rows, None]
            logits = F.linear(h, low, low_bias).to(exact)
            p = torch.softmax(logits, dim=1)
            # The largest probability is 1 / sum(exp(logits - top)), so this is log-sum-exp.
            top = logits.amax(1, keepdim=True) - p.amax(1, keepdim=True).log()
            total += (top - logits.gather(1, target)).sum()
            if wants_gradient:
                # In full precision: a probability near one must not be rounded before the one goes.
                p.scatter_add_(1, target, p.new_full(target.shape, -1))
                d_logits = p.to(dtype)
                torch.mm(d_logits, low, out=d_hidden[i : i + rows])
                d_weight += d_logits.mT @ h
                if d_bias is not None:
                    d_bias += p.sum(0)
        if wants_gradient:
            ctx.save_for_backward(d_hidden, d_weight, d_bias)
        return total

    @staticmethod
    def backward(ctx, d_total):
        # The loss is a number, so its derivative was known up to this factor.
        gradients = (g if g is None else g * d_total for g in ctx.saved_tensors)
        return (*gradients, None, None, None)
