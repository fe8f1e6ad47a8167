"""SAE initialisation: a start for the decoder by name, and b_dec in the middle of the data."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from lib.core.errors import UserError
from lib.sae.base import SparseAutoencoder

CENTRES = ("mean", "median", "zero")


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
            blocks of D orthogonal directions; "data", centred vectors of the sample; "mixed", some
            of these and some random; "rare", the less typical half of such vectors; "pca", "ica",
            components and their opposites; "kmeans", cluster centres; "unexplained", this book's.
            Each has a function below. The encoder starts as the decoder's transpose, b_enc at zero.
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
    """Unit vectors for the decoder's rows; `generator` lives on the CPU.

    A scheme that has fewer directions than features leaves the rest to random ones.
    """
    found = MAKERS[scheme](centred.cpu().float(), features, generator)[:features]
    found = found[torch.linalg.vector_norm(found, dim=1) > 0]
    rest = random_rows(features - len(found), centred.shape[1], generator)
    return nn.functional.normalize(torch.cat([found, rest]), dim=1)


def random_rows(rows: int, width: int, generator: torch.Generator) -> Float[Tensor, "N D"]:
    """Gaussian vectors, whose directions are uniform."""
    return torch.randn(rows, width, generator=generator)


def orthogonal_blocks(
    centred: Float[Tensor, "N D"], features: int, generator: torch.Generator
) -> Float[Tensor, "F D"]:
    """Random bases of the space, one after the other."""
    width = centred.shape[1]
    blocks = []
    for _ in range(-(-features // width)):
        q, r = torch.linalg.qr(random_rows(width, width, generator))
        blocks.append(q * r.diagonal().sign())  # uniform over rotations, not QR's own choice
    return torch.cat(blocks)[:features]


def data_samples(
    centred: Float[Tensor, "N D"], features: int, generator: torch.Generator
) -> Float[Tensor, "F D"]:
    """Directions of randomly chosen vectors; a vector at the centre has none and is left out.

    Vectors are drawn without repetition as long as there are enough of them.
    """
    usable = _usable(centred)
    if not len(usable):
        return usable
    order = torch.cat(
        [
            torch.randperm(len(usable), generator=generator)
            for _ in range(-(-features // len(usable)))
        ]
    )
    return usable[order[:features]]


def mixed_samples(
    centred: Float[Tensor, "N D"], features: int, generator: torch.Generator
) -> Float[Tensor, "F D"]:
    """Each row a data sample with probability `MIXED_SHARE`, else a random direction."""
    samples = data_samples(centred, features, generator)
    other = random_rows(len(samples), centred.shape[1], generator)
    keep = torch.rand(len(samples), 1, generator=generator) < MIXED_SHARE
    return torch.where(keep, samples, nn.functional.normalize(other, dim=1))


def rare_samples(
    centred: Float[Tensor, "N D"], features: int, generator: torch.Generator
) -> Float[Tensor, "F D"]:
    """The least typical half of some vectors that are drawn from the data.

    How typical a direction u is, as far as the data alone can tell: the mean squared cosine of all
    directions with it, u' C u for their second moments C. Common features weigh most in C, so that
    vectors made of rare ones score low. Twice as many vectors are drawn as there are features,
    so that another seed is another start.
    """
    usable = _usable(centred)
    moments = usable.t() @ usable / max(1, len(usable))
    drawn = data_samples(centred, min(2 * features, len(usable)), generator)
    typical = ((drawn @ moments) * drawn).sum(1)
    return drawn[typical.argsort(stable=True)[:features]]


def principal_components(
    centred: Float[Tensor, "N D"], features: int, generator: torch.Generator
) -> Float[Tensor, "F D"]:
    """Directions of largest variance, largest first, then their opposites.

    Codes are never negative, so that a direction and its opposite are two features.
    """
    _, sizes, components = torch.linalg.svd(centred.double(), full_matrices=False)
    components = components[sizes > 1e-6 * sizes[:1].clamp(min=1e-30)].float()
    return torch.cat([components, -components])


def independent_components(
    centred: Float[Tensor, "N D"], features: int, generator: torch.Generator
) -> Float[Tensor, "F D"]:
    """What FastICA (Hyvarinen 1999, scikit-learn's) takes the data to be mixed from.

    Each component points to where its values have their long tail; then follow the opposites.
    """
    from sklearn.decomposition import FastICA  # half a second to import

    _, sizes, _ = torch.linalg.svd(centred.double(), full_matrices=False)
    rank = min(int((sizes > 1e-6 * sizes[:1].clamp(min=1e-30)).sum()), features)
    if rank == 0:
        return centred[:0]
    solver = FastICA(
        rank, whiten="unit-variance", max_iter=200, tol=1e-3, random_state=_seed(generator)
    )
    with warnings.catch_warnings():  # a start need not have converged
        warnings.simplefilter("ignore")
        values = solver.fit_transform(centred.double().numpy())
    skew = (values**3).mean(0)
    mixing = torch.from_numpy(solver.mixing_ * np.where(skew < 0, -1.0, 1.0)).t().float()
    return torch.cat([mixing, -mixing])


def cluster_centres(
    centred: Float[Tensor, "N D"], features: int, generator: torch.Generator
) -> Float[Tensor, "F D"]:
    """Centres of scikit-learn's mini-batch k-means (Sculley 2010) on directions."""
    from sklearn.cluster import MiniBatchKMeans  # half a second to import

    usable = nn.functional.normalize(_usable(centred), dim=1)
    if not len(usable):
        return usable
    solver = MiniBatchKMeans(
        min(features, len(usable)), n_init=1, batch_size=1024, random_state=_seed(generator)
    )
    return torch.from_numpy(solver.fit(usable.numpy()).cluster_centers_).float()


def unexplained_samples(
    centred: Float[Tensor, "N D"], features: int, generator: torch.Generator
) -> Float[Tensor, "F D"]:
    """This book's own: what the rows so far cannot explain, each sharpened to what it shares.

    In rounds, matching pursuit (Mallat and Zhang 1993) takes from every vector what the rows so
    far explain, and vectors are drawn by the energy that is left. What is left of one of them
    still mixes several features; it moves to the mean of the directions near it, within a cone
    that gets narrower (a mean shift), so that the feature that most of them share remains.
    Directions too close to an earlier row are dropped.
    """
    usable = _usable(centred)
    rows = centred[:0]
    each = -(-features // ROUNDS)
    for _ in range(4 * ROUNDS):
        if len(rows) >= features or not len(usable):
            break
        rest = pursue(centred, rows, PURSUIT_STEPS)
        energy = rest.square().sum(1).double()
        if not bool(energy.sum() > 0):
            break
        drawn = min(2 * each, int((energy > 0).sum()))
        which = torch.multinomial(energy, drawn, generator=generator)
        for row in sharpen(nn.functional.normalize(rest[which], dim=1), usable):
            if not len(rows) or bool((rows @ row).max() < MOST_ALIKE):
                rows = torch.cat([rows, row[None]])
    return rows[:features]


def pursue(x: Float[Tensor, "N D"], rows: Float[Tensor, "F D"], steps: int) -> Float[Tensor, "N D"]:
    """What matching pursuit with codes of at least 0 leaves of x; `rows` have norm 1."""
    rest = x.clone()
    for _ in range(steps if len(rows) else 0):
        code, which = (rest @ rows.t()).max(dim=1)
        rest -= code.clamp(min=0)[:, None] * rows[which]
    return rest


def sharpen(
    rows: Float[Tensor, "F D"], directions_of_data: Float[Tensor, "N D"]
) -> Float[Tensor, "F D"]:
    """Each row moved to the weighted mean of the directions within a cone, step by step narrower.

    The weight is how far a cosine lies above the cone's edge; a row with an empty cone stays.
    """
    for edge in CONE:
        weights = (rows @ directions_of_data.t() - edge).clamp(min=0)
        moved = weights @ directions_of_data
        alone = torch.linalg.vector_norm(moved, dim=1, keepdim=True) == 0
        rows = nn.functional.normalize(torch.where(alone, rows, moved), dim=1)
    return rows


MIXED_SHARE = 0.8
# Of the book's own start; set on toy worlds of other seeds than any that it is judged on.
ROUNDS, PURSUIT_STEPS, MOST_ALIKE = 8, 6, 0.9
CONE = tuple(float(edge) for edge in np.linspace(0.5, 0.9, 8))
MAKERS: dict[str, Callable[[Tensor, int, torch.Generator], Tensor]] = {
    "kaiming": lambda centred, features, g: random_rows(features, centred.shape[1], g),
    "orthogonal": orthogonal_blocks,
    "data": data_samples,
    "mixed": mixed_samples,
    "rare": rare_samples,
    "pca": principal_components,
    "ica": independent_components,
    "kmeans": cluster_centres,
    "unexplained": unexplained_samples,
}
SCHEMES = tuple(MAKERS)


def _usable(centred: Float[Tensor, "N D"]) -> Float[Tensor, "M D"]:
    """Directions of the vectors that have one."""
    sizes = torch.linalg.vector_norm(centred, dim=1, keepdim=True)
    # What is left of equal vectors after centring is rounding.
    return (centred / sizes)[(sizes > 0).squeeze(1)]


def _seed(generator: torch.Generator) -> int:
    """A seed for a library that has a generator of its own."""
    return int(torch.randint(2**31 - 1, (), generator=generator))


@torch.no_grad()
def tile(
    wide: SparseAutoencoder, narrow: SparseAutoencoder, *, noise: float = 0.05, seed: int = 0
) -> None:
    """Starts `wide` as copies of a trained `narrow`, in place.

    Feature f of `wide` copies feature f mod narrow.features. Of c copies each answers with a c-th,
    so that together they do what the one did: for L1 up to the noise; for TopK where
    wide.k = c narrow.k, since all copies of a feature are then chosen together.

    Args:
        noise: length of a random vector that is added to each copy's (unit) decoder row before it
            is normalised, and, relative to its length, to its encoder column. Without noise the
            copies of a feature get the same gradient for ever and stay one feature.
    Raises:
        UserError: another width, fewer features than `narrow` has, or negative noise.
    """
    wide.check_width(narrow.b_dec)
    if wide.features < narrow.features or noise < 0:
        raise UserError(
            f"a dictionary is tiled from a smaller one with noise of at least 0; got "
            f"{narrow.features} features for {wide.features}, and noise {noise}."
        )
    origin = torch.arange(wide.features) % narrow.features
    share = 1.0 / torch.bincount(origin).float()[origin].to(wide.b_dec)
    origin = origin.to(wide.b_dec.device)
    generator = torch.Generator().manual_seed(seed)

    def jitter() -> Float[Tensor, "F D"]:
        rows = random_rows(wide.features, wide.width, generator)
        return noise * nn.functional.normalize(rows, dim=1).to(wide.W_dec)

    readers = narrow.W_enc.t().to(wide.W_dec)[origin]
    readers = readers + jitter() * torch.linalg.vector_norm(readers, dim=1, keepdim=True)
    writers = narrow.W_dec.to(wide.W_dec)[origin]
    sizes = torch.linalg.vector_norm(writers, dim=1, keepdim=True)
    moved = nn.functional.normalize(writers + jitter() * sizes, dim=1) * sizes
    wide.W_dec.copy_(moved)
    wide.W_enc.copy_((readers * share[:, None]).t())
    wide.b_enc.copy_(narrow.b_enc.to(wide.b_enc)[origin] * share)
    wide.b_dec.copy_(narrow.b_dec)


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
