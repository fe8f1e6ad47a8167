"""Activation steering: what a model writes with a feature turned up, and how that grows with dose.

A dose is a share of the typical length of an activation (around b_dec), so that it means the same
for every model and dictionary, and for every direction of length one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, UInt8
from scipy.special import expit, logit
from torch import Tensor

from lib.analysis.statistics import LEVEL, Interval
from lib.analysis.tokens import words_of
from lib.core.progress import Progress
from lib.model.language_model import LanguageModel
from lib.model.layers import KeyValueCache
from lib.model.sampling import generate

Rebuild = Callable[[Float[Tensor, "B 1 D"]], Float[Tensor, "B 1 D"]]


class Prompts(NamedTuple):
    """Places of a text where the next word is open."""

    before: Int[Tensor, "n T"]
    """What to continue."""
    after: UInt8[np.ndarray, "n S"]
    """How the text itself goes on."""


def prompts_before(
    tokens: np.ndarray, endings: Sequence[bytes], before: int, after: int, n: int, seed: int
) -> Prompts:
    """Draws n places of a text that follow one of `endings`, fewer where there are fewer.

    Args:
        tokens: bytes of a text, [N].
        endings: such as b" a " and b" the ".
        before: bytes of a prompt.
        after: bytes of the text's own continuation.
    """
    text = np.asarray(tokens, dtype=np.uint8).tobytes()
    ends = set()
    for ending in endings:
        at = text.find(ending)
        while at >= 0:
            ends.add(at + len(ending))
            at = text.find(ending, at + 1)
    usable = [end for end in sorted(ends) if before <= end <= len(text) - after]
    drawn = np.random.default_rng(seed).permutation(np.array(usable, dtype=np.int64))[:n]
    rows = np.asarray(tokens, dtype=np.uint8)[np.sort(drawn)[:, None] + np.arange(-before, after)]
    return Prompts(torch.from_numpy(rows[:, :before].astype(np.int64)), rows[:, before:])


@torch.no_grad()
def steer(
    model: LanguageModel,
    prompts: Int[Tensor, "n T"],
    site: str,
    shifts: Float[Tensor, "A D"],
    new_tokens: int,
    *,
    seed: int,
    rebuild: Rebuild | None = None,
    without: Sequence[str] = (),
    temperature: float = 0.8,
    top_k: int = 50,
    rows_at_once: int = 1024,
    label: str = "steering",
) -> UInt8[np.ndarray, "A n new_tokens"]:
    """Continues every prompt under every shift of the activation.

    The shift is added at the last position of the prompt and at every position after it. What a
    shifted position left for later ones to attend to stays.

    Args:
        shifts: one row for each arm; zeros for none.
        rebuild: replaces the activation before the shift is added, for instance by a dictionary's
            reconstruction, which leaves out what the dictionary does not explain; None keeps it.
        without: sites whose output is set to zero at the same positions.
        seed: of the samples; arm and prompt decide nothing else.

    Example:
        >>> from lib.model.transformer import Transformer, TransformerConfig
        >>> config = TransformerConfig(256, 32, layers=2, width=8, heads=2, mlp_width=32)
        >>> model = Transformer(config)
        >>> prompts = torch.randint(0, 256, (3, 10))
        >>> shifts = torch.stack([torch.zeros(8), torch.ones(8)])
        >>> steer(model, prompts, "blocks.0.resid_post", shifts, new_tokens=5, seed=0).shape
        (2, 3, 5)
    """
    arms, n = len(shifts), len(prompts)
    pairs = torch.cartesian_prod(torch.arange(arms), torch.arange(n)).reshape(-1, 2)
    written = np.zeros((arms * n, new_tokens), dtype=np.uint8)
    # Up to its last letter a prompt is the same for every arm: it is read once.
    begun = KeyValueCache()
    if len(pairs):
        model(prompts[:, :-1].to(model.device), stop_at="final", cache=begun)
    progress = Progress(label, len(pairs))
    for start in range(0, len(pairs), rows_at_once):
        arm, prompt = pairs[start : start + rows_at_once].t()
        edits = {site: _shift_last(shifts[arm].to(model.device), rebuild)}
        edits |= dict.fromkeys(without, _silence_last)
        tokens = generate(
            model,
            prompts[prompt],
            new_tokens,
            temperature=temperature,
            top_k=top_k,
            edit=edits,
            cache=begun.take(prompt.to(model.device)),
            generator=torch.Generator().manual_seed(seed * 1_000_003 + start),
        )
        written[start : start + len(arm)] = tokens[:, prompts.shape[1] :].cpu().numpy()
        progress.update(start + len(arm))
    return written.reshape(arms, n, new_tokens)


def _shift_last(shift: Float[Tensor, "B D"], rebuild: Rebuild | None) -> Callable[[Tensor], Tensor]:
    def edit(x: Float[Tensor, "B T D"]) -> Float[Tensor, "B T D"]:
        last = x[:, -1:] if rebuild is None else rebuild(x[:, -1:])
        return torch.cat((x[:, :-1], last + shift[:, None]), dim=1)

    return edit


def _silence_last(x: Float[Tensor, "B T D"]) -> Float[Tensor, "B T D"]:
    return torch.cat((x[:, :-1], torch.zeros_like(x[:, -1:])), dim=1)


def writes_word(written: UInt8[np.ndarray, "*A S"], word: str) -> Bool[np.ndarray, "*A"]:
    """Whether a continuation holds the whole word, in whatever capitals; prompts end in a space."""
    found = [word in words_of(row) for row in written.reshape(-1, written.shape[-1])]
    return np.array(found, dtype=bool).reshape(written.shape[:-1])


class DoseResponse(NamedTuple):
    """How often an answer came at each dose, for some features; dose 0 is shared by all."""

    doses: np.ndarray
    """[K], above 0."""
    hits: np.ndarray
    """[features, K]."""
    trials: int
    """Samples for each feature and dose."""
    zero_hits: int
    """Without any shift."""
    zero_trials: int

    def rates(self) -> np.ndarray:
        """Mean over features at dose 0 and at each dose, [K + 1]."""
        at_zero = self.zero_hits / self.zero_trials
        return np.concatenate([[at_zero], self.hits.mean(0) / self.trials])

    def up_to(self, dose: float) -> DoseResponse:
        """Without the doses above `dose`."""
        keep = self.doses <= dose
        return self._replace(doses=self.doses[keep], hits=self.hits[:, keep])

    def only(self, feature: int) -> DoseResponse:
        """One feature alone."""
        return self._replace(hits=self.hits[[feature]])


RIDGE = 0.01  # on the slope alone
NEWTON_STEPS = 60


def logistic_slope(response: DoseResponse, *, seed: int = 0, resamples: int = 1000) -> Interval:
    """Slope of the log-odds of the answer on the dose, one line through all features.

    The interval is a bootstrap of two stages (Davison and Hinkley 1997, section 3.8): features are
    drawn anew, and within each the samples. A ridge too weak to matter otherwise keeps the slope
    finite where no sample, or every one, gives the answer. With no feature or no dose the slope
    is 0 and its bounds are infinite.
    """
    features = len(response.hits)
    if not features or not len(response.doses):
        return Interval(0.0, -np.inf, np.inf, 0)
    rng = np.random.default_rng(seed)
    rates = response.hits / response.trials
    at_zero = response.zero_hits / response.zero_trials
    some = rates[rng.integers(features, size=(resamples, features))]
    hits = rng.binomial(response.trials, some).mean(1)
    zero = rng.binomial(response.zero_trials, at_zero, size=(resamples, 1)) / response.zero_trials
    drawn = np.concatenate([zero, hits / response.trials], axis=1)
    measured = np.concatenate([[at_zero], rates.mean(0)])
    slopes = _slopes(response.doses, np.concatenate([measured[None], drawn]), response.trials)
    low, high = np.quantile(slopes[1:], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(slopes[0]), float(low), float(high), features)


def _slopes(
    doses: Float[np.ndarray, " K"], rates: Float[np.ndarray, "R one_more"], trials: int
) -> Float[np.ndarray, " R"]:
    """Logistic regressions of R rows of rates at dose 0 and the K doses, by Newton's method.

    Equivalent to scikit-learn's LogisticRegression(C=1 / RIDGE) on each row's counts.
    """
    x = np.concatenate([[0.0], doses])
    design = np.stack([np.ones_like(x), x], axis=1)
    penalty = np.array([0.0, RIDGE])
    # An intercept has no ridge: a hair keeps it finite where no rate differs from 0, or from 1.
    rates = np.clip(rates, 1e-6, 1 - 1e-6)
    beta = np.zeros((len(rates), 2))
    beta[:, 0] = logit(rates.mean(1))
    for _ in range(NEWTON_STEPS):
        p = expit(beta @ design.T)
        gradient = trials * (rates - p) @ design - penalty * beta
        weight = trials * p * (1 - p)
        hessian = np.einsum("rk,ki,kj->rij", weight, design, design) + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient[..., None])[..., 0]
        # Far from the answer a whole step may overshoot.
        beta += step / np.maximum(1.0, np.abs(step).max(1, keepdims=True))
    return beta[:, 1]
