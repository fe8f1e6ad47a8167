"""Activation steering: what a direction, added to an activation, does to the chance of a word.

The word is teacher-forced: its probability is read off, letter by letter, with and without the
shift, so that an effect has no noise of sampling. Directions are compared at equal length, a share
of the typical length of an activation around b_dec, and at equal harm: the dose at which the guess
at the next letter has moved by a given divergence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from scipy import special
from torch import Tensor

from lib.analysis.statistics import LEVEL, Interval, bootstrap_mean
from lib.analysis.tokens import WORD
from lib.core.errors import UserError
from lib.core.progress import Progress
from lib.model.language_model import LanguageModel
from lib.model.layers import KeyValueCache
from lib.model.sampling import generate
from lib.model.sites import Edits

Rebuild = Callable[[Float[Tensor, "B T D"]], Float[Tensor, "B T D"]]


class Prompts(NamedTuple):
    """Places of a text where the next word is open."""

    before: Int[Tensor, "n T"]
    """What to continue."""
    after: UInt8[np.ndarray, "n S"]
    """How the text itself goes on."""


def prompts_before(
    tokens: np.ndarray, ending: bytes, before: int, after: int, n: int, seed: int
) -> Prompts:
    """Draws n places of a text that follow a match of `ending`, fewer where there are fewer.

    Args:
        tokens: bytes of a text, [N].
        ending: a regular expression such as b" (a|the) ".
        before: bytes of a prompt.
        after: bytes of the text's own continuation.
    """
    text = np.asarray(tokens, dtype=np.uint8)
    ends = [match.end() for match in re.finditer(ending, text.tobytes())]
    usable = [end for end in ends if before <= end <= len(text) - after]
    drawn = np.random.default_rng(seed).permutation(np.array(usable, dtype=np.int64))[:n]
    rows = text[np.sort(drawn)[:, None] + np.arange(-before, after)]
    return Prompts(torch.from_numpy(rows[:, :before].astype(np.int64)), rows[:, before:])


ROWS_AT_ONCE = 1024


class _Rows(NamedTuple):
    """Some of the A n pairs of shift and prompt, read up to the prompt's last letter."""

    place: slice
    """Where they are among all."""
    prompt: Int[Tensor, " b"]
    edits: Edits
    begun: KeyValueCache


def _arms(
    model: LanguageModel,
    prompts: Int[Tensor, "n T"],
    site: str,
    shifts: Float[Tensor, "A D"],
    room: int,
    rebuild: Rebuild | None = None,
    without: Sequence[str] = (),
) -> Iterator[_Rows]:
    """Every prompt under every shift, some rows at a time; what all shifts share is read once.

    The edits concern every position that is not read yet: the last one of the prompt and `room`
    more. What a shifted position left for later ones to attend to stays.
    """
    T, context = prompts.shape[1], model.config.context
    if T < 2 or T + room > context:
        raise UserError(
            f"a prompt has at least 2 letters and with {room} more must fit the context "
            f"({context}); got {T}."
        )
    begun, total = KeyValueCache(), len(shifts) * len(prompts)
    if total:
        model(prompts[:, :-1].to(model.device), stop_at="final", cache=begun)
    for start in range(0, total, ROWS_AT_ONCE):
        row = torch.arange(start, min(start + ROWS_AT_ONCE, total))
        prompt = (row % len(prompts)).to(model.device)
        shift = shifts[row // len(prompts), None].to(model.device)
        edits: Edits = {site: lambda x, s=shift: (x if rebuild is None else rebuild(x)) + s}
        edits |= dict.fromkeys(without, torch.zeros_like)
        yield _Rows(slice(start, start + len(row)), prompt, edits, begun.take(prompt))


@torch.no_grad()
def steer(
    model: LanguageModel,
    prompts: Int[Tensor, "n T"],
    site: str,
    shifts: Float[Tensor, "A D"],
    new_tokens: int,
    *,
    seed: int,
    temperature: float = 0.8,
    top_k: int = 50,
    label: str = "steering",
) -> UInt8[np.ndarray, "A n new_tokens"]:
    """Continues every prompt under every shift of the activation, by sampling.

    Args:
        shifts: one row for each arm; zeros for none.
        seed: of the samples; arm and prompt decide nothing else.
    Raises:
        UserError: prompts that with their continuation do not fit the context.

    Example:
        >>> from lib.model.transformer import Transformer, TransformerConfig
        >>> config = TransformerConfig(256, 32, layers=2, width=8, heads=2, mlp_width=32)
        >>> model = Transformer(config)
        >>> prompts = torch.randint(0, 256, (3, 10))
        >>> shifts = torch.stack([torch.zeros(8), torch.ones(8)])
        >>> steer(model, prompts, "blocks.0.resid_post", shifts, new_tokens=5, seed=0).shape
        (2, 3, 5)
    """
    written = np.zeros((len(shifts) * len(prompts), new_tokens), dtype=np.uint8)
    progress = Progress(label, len(written))
    for place, prompt, edits, begun in _arms(model, prompts, site, shifts, new_tokens):
        tokens = generate(
            model, prompts.to(model.device)[prompt], new_tokens, temperature=temperature,
            top_k=top_k, edit=edits, cache=begun,
            generator=torch.Generator().manual_seed(seed * 1_000_003 + place.start),
        )  # fmt: skip
        written[place] = tokens[:, prompts.shape[1] :].cpu().numpy()
        progress.update(place.stop)
    return written.reshape(len(shifts), len(prompts), new_tokens)


class Steered(NamedTuple):
    """What A shifts do at n prompts, exactly."""

    word: Float[np.ndarray, "A n"]
    """Log-probability that the next word is the one asked for, its end included, in nats."""
    divergence: Float[np.ndarray, "A n"]
    """KL divergence of the guess at the next letter from the one without any change, in nats."""


@torch.no_grad()
def steered_word(
    model: LanguageModel,
    prompts: Int[Tensor, "n T"],
    site: str,
    shifts: Float[Tensor, "A D"],
    word: str,
    *,
    rebuild: Rebuild | None = None,
    without: Sequence[str] = (),
) -> Steered:
    """The chance of a word under every shift of the activation, by teacher forcing.

    The chance that the word ends is that of all bytes that are no letter, together.

    Args:
        shifts: one row for each arm; zeros for none.
        word: of ASCII letters; "" asks for the divergence alone.
        rebuild: replaces the activation before the shift is added, for instance by a dictionary's
            reconstruction, which leaves out what the dictionary does not explain; None keeps it.
        without: sites whose output is set to zero at the same positions.
    Raises:
        UserError: prompts that with the word do not fit the context.
    """
    last = prompts[:, -1:].to(model.device)
    letters = torch.tensor(list(word.encode("ascii")), dtype=torch.int64, device=model.device)
    ends = [byte for byte in range(model.config.vocab_size) if not WORD.match(bytes([byte]))]

    def guesses(some: _Rows) -> Float[Tensor, "b letters_and_end V"]:
        unread = torch.cat([last[some.prompt], letters.expand(len(some.prompt), -1)], dim=1)
        return model(unread, edit=some.edits, cache=some.begun).logits.double().log_softmax(-1)

    none, found = shifts.new_zeros(1, shifts.shape[1]), np.zeros((2, len(shifts) * len(prompts)))
    unchanged = _arms(model, prompts, site, none, len(letters))
    plain = [guesses(some)[:, 0] for some in unchanged]
    for some in _arms(model, prompts, site, shifts, len(letters), rebuild, without):
        after, before = guesses(some), torch.cat(plain)[some.prompt]
        spelt = after[:, :-1].gather(2, letters.expand(len(after), -1)[..., None]).sum((1, 2))
        moved = before.exp() * (before - after[:, 0])
        found[0, some.place] = (spelt + after[:, -1, ends].logsumexp(-1)).cpu().numpy()
        found[1, some.place] = moved.sum(-1).cpu().numpy()
    return Steered(*found.reshape(2, len(shifts), len(prompts)))


SCALINGS = 3


def equal_divergence(
    divergence: Callable[[Float[np.ndarray, " A"]], Float[np.ndarray, " A"]],
    start: Float[np.ndarray, " A"],
    target: float,
    most: float,
) -> Float[np.ndarray, " A"]:
    """The dose at which each direction's divergence is `target`.

    It grows with the square of a small dose, and so nearly does here that a dose is found by
    scaling it a few times with the root of what is missing.

    Args:
        divergence: of such doses, one for each direction, the mean over prompts.
        start: doses above 0.
        most: what a direction gets that does less even there.
    """
    dose = start
    for _ in range(SCALINGS):
        missing = target / np.maximum(divergence(dose), 1e-12)
        dose = np.minimum(dose * np.sqrt(missing), most)
    return dose


class Best(NamedTuple):
    """The direction with the largest mean effect, held against as many drawn from a null."""

    index: int
    """Which it is; -1 where there is none."""
    effect: Interval
    """Its mean over prompts."""
    excess: Interval
    """By how much that is more than the largest of as many null directions, 19 times in 20."""
    working: int
    """How many of the directions are above that."""


def best_direction(
    effects: Float[np.ndarray, "m n"], nulls: Sequence[Float[np.ndarray, "M n"]]
) -> Best:
    """The largest of m mean effects, beyond what the largest of m would be by chance.

    If the m directions were drawn from the same law as a null's M, all m would lie below the null's
    j-th smallest with probability C(j + m - 1, m) / C(M + m, m). The null direction to beat is the
    first for which that is at least 95%, in the null where it is strongest. With M < 19 m there is
    none, and the excess is unknown. Intervals are over prompts, of paired differences.
    """
    m, n = effects.shape
    unknown = Interval(np.nan, -np.inf, np.inf, n)
    if not m or not n:
        return Best(-1, unknown, unknown, 0)
    best = int(effects.mean(1).argmax())
    to_beat = []
    for null in nulls:
        M = len(null)
        below = special.betaln(M + 1, m) - special.betaln(np.arange(1, M + 1), m)
        rank = int(np.searchsorted(below, np.log(LEVEL) - 1e-9))
        if rank == M:
            return Best(best, bootstrap_mean(effects[best]), unknown, 0)
        to_beat.append(null[np.argsort(null.mean(1))[rank]])
    bar = max(to_beat, key=np.mean)
    working = int((effects.mean(1) > bar.mean()).sum())
    return Best(best, bootstrap_mean(effects[best]), bootstrap_mean(effects[best] - bar), working)


def mean_effect(
    effects: Float[np.ndarray, "m n"], seed: int = 0, resamples: int = 1000
) -> Interval:
    """The mean over directions and prompts, both drawn anew (Owen 2007); `n` counts directions."""
    m, n = effects.shape
    if m < 2 or n < 2:
        return Interval(float(effects.mean()) if effects.size else np.nan, -np.inf, np.inf, m)
    rng = np.random.default_rng(seed)
    rows, columns = (rng.multinomial(k, np.full(k, 1 / k), resamples) / k for k in (m, n))
    ends = np.quantile(((rows @ effects) * columns).sum(1), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(effects.mean()), *map(float, ends), m)
