"""Where a dictionary starts: its directions by name, its b_dec in the middle of the data."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

from lib.core.errors import UserError
from lib.sae.base import SparseAutoencoder

CENTRES = ("mean", "median", "zero")
SCHEMES = ("kaiming", "orthogonal", "data")


@torch.no_grad()
def initialise(
    sae: SparseAutoencoder,
    sample: Float[Tensor, "N D"],
    *,
    scheme: str = "kaiming",
    centre: str = "mean",
    seed: int = 0,
) -> None:
    """Sets all four parameters from a sample of the data, in place.

    Args:
        sample: training vectors; some thousands are enough for a centre.
        scheme: the decoder's rows, all of norm 1: "kaiming", random directions; "orthogonal",
            blocks of D orthogonal directions; "data", centred vectors of the sample. The encoder
            starts as the decoder's transpose, b_enc at zero.
        centre: b_dec, "mean" or (geometric) "median" of the sample, or "zero".
    Raises:
        UserError: an unknown name, a width that does not fit, an empty sample or one with NaN.
    """
    if scheme not in SCHEMES or centre not in CENTRES:
        raise UserError(
            f"a dictionary starts with scheme {' or '.join(SCHEMES)} and centre "
            f"{' or '.join(CENTRES)}; got {scheme!r} and {centre!r}."
        )
    sae.check_width(sample)
    sample = sample.to(sae.b_dec.device, sae.b_dec.dtype)
    if not len(sample) or not bool(sample.isfinite().all()):
        raise UserError(
            f"the sample that a dictionary starts from must hold numbers; got {len(sample)} "
            "vectors, or some that are NaN or infinite: harvest the activations again."
        )
    middle = {"mean": lambda: sample.mean(0), "median": lambda: geometric_median(sample)}
    centre_value = middle.get(centre, lambda: torch.zeros_like(sae.b_dec))()
    generator = torch.Generator().manual_seed(seed)
    rows = directions(scheme, sample - centre_value, sae.features, generator).to(sae.W_dec)
    sae.W_dec.copy_(rows)
    sae.W_enc.copy_(rows.t())
    sae.b_enc.zero_()
    sae.b_dec.copy_(centre_value)


def directions(
    scheme: str, centred: Float[Tensor, "N D"], features: int, generator: torch.Generator
) -> Float[Tensor, "F D"]:
    """Unit vectors for the decoder's rows; `generator` lives on the CPU."""
    width = centred.shape[1]
    if scheme == "orthogonal":
        blocks = []
        for _ in range(-(-features // width)):
            q, r = torch.linalg.qr(torch.randn(width, width, generator=generator))
            blocks.append(q * r.diagonal().sign())  # uniform over rotations, not QR's own choice
        return torch.cat(blocks)[:features]
    if scheme == "data":
        return data_samples(centred.cpu().float(), features, generator)
    return nn.functional.normalize(torch.randn(features, width, generator=generator), dim=1)


def data_samples(
    centred: Float[Tensor, "N D"], features: int, generator: torch.Generator
) -> Float[Tensor, "F D"]:
    """Directions of randomly chosen vectors; a vector at the centre has none and is left out.

    Vectors are drawn without repetition as long as there are enough of them.
    """
    usable = centred[torch.linalg.vector_norm(centred, dim=1) > 0]
    if not len(usable):
        return nn.functional.normalize(
            torch.randn(features, centred.shape[1], generator=generator), dim=1
        )
    order = torch.cat(
        [
            torch.randperm(len(usable), generator=generator)
            for _ in range(-(-features // len(usable)))
        ]
    )
    return nn.functional.normalize(usable[order[:features]], dim=1)


def geometric_median(
    points: Float[Tensor, "N D"], *, iterations: int = 100, tolerance: float = 1e-6
) -> Float[Tensor, " D"]:
    """The point with the least summed distance to all others, by Weiszfeld's iteration.

    The plain iteration divides by zero when it meets a data point. The step here is the one of
    Vardi and Zhang (2000), which leaves such a point unless the point is itself the median.
    """
    scale = (points - points.mean(0)).abs().max()
    if scale == 0:
        return points[0].clone()
    middle = points.mean(0)
    for _ in range(iterations):
        distance = torch.linalg.vector_norm(points - middle, dim=1)
        elsewhere = distance > tolerance * 1e-3 * scale
        weights = torch.where(elsewhere, 1.0 / distance, 0.0)
        if not elsewhere.any():
            break
        target = (weights @ points) / weights.sum()
        here = (~elsewhere).sum()
        pull = torch.linalg.vector_norm(weights @ (points - middle))
        stay = 1.0 if pull == 0 else min(1.0, float(here / pull))
        step = (1.0 - stay) * (target - middle)
        middle = middle + step
        if step.abs().max() <= tolerance * scale:
            break
    return middle
