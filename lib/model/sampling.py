"""Sampling: text that a model writes, token by token, many sequences at once."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lib.core.errors import UserError
from lib.model.language_model import Cache, LanguageModel
from lib.model.sites import Edits


@torch.no_grad()
def generate(
    model: LanguageModel,
    prompts: Int[Tensor, "B T"],
    new_tokens: int,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    edit: Edits | None = None,
    generator: torch.Generator,
    cached: bool = True,
    cache: Cache | None = None,
) -> Int[Tensor, "B S"]:
    """Continues each prompt by `new_tokens` sampled tokens.

    Edits apply at every newly computed position: an edit gets the whole prompt [B, T, width] at
    first and then one position [B, 1, width] at a time, and what it put in stays in the cache, so
    that later positions attend to edited ones. With `cached=False` every step computes the whole
    sequence again: an edit then sees all positions each time, and may change the last one only.
    Edits that treat every position alike give the same in both ways. Beyond the model's context
    the last `context` tokens are read, again each step.

    Args:
        model: is put in evaluation mode meanwhile.
        prompts: token ids, at least one each.
        new_tokens: how many to add.
        temperature: divides the scores; 0 takes the likeliest token.
        top_k: samples among the k likeliest tokens only.
        edit: functions by site, as for `LanguageModel.forward`.
        generator: decides the samples; it may live on another device than the model.
        cached: keeps keys and values, so that a step computes one position.
        cache: holds the prompts' first positions, read before; edits do not reach them any more.

    Returns:
        Prompts and continuations, S = T + new_tokens.

    Raises:
        UserError: an empty prompt, a negative temperature, top_k below 1, an unknown site.
    """
    if prompts.shape[1] < 1:
        raise UserError("a prompt needs at least one token to continue from; got none.")
    if temperature < 0:
        raise UserError(f"temperature must be 0 or more; got {temperature}.")
    if top_k is not None and top_k < 1:
        raise UserError(f"top_k must be at least 1; got {top_k}.")
    was_training = model.training
    model.eval()
    try:
        tokens = prompts.to(model.device)
        if cached and cache is None:
            cache = model.new_cache()
        for _ in range(new_tokens):
            scores = _next_scores(model, tokens, edit, cache)
            chosen = _choose(scores.float(), temperature, top_k, generator)
            tokens = torch.cat((tokens, chosen.to(tokens)), dim=1)
        return tokens
    finally:
        model.train(was_training)


def _next_scores(
    model: LanguageModel,
    tokens: Int[Tensor, "B T"],
    edit: Edits | None,
    cache: Cache | None,
) -> Float[Tensor, "B V"]:
    """Logits after the last token; only these are computed."""
    context = model.config.context
    if cache is not None and tokens.shape[1] <= context:
        unread = tokens[:, cache.length :]
    else:
        # Positions count from the window's start, so that what was kept is of no use any more.
        unread, cache = tokens[:, -context:], None
    output = model(unread, read=["final"], edit=edit, stop_at="final", cache=cache)
    return model.unembedding(output.activations["final"][:, -1])


def _choose(
    scores: Float[Tensor, "B V"],
    temperature: float,
    top_k: int | None,
    generator: torch.Generator,
) -> Int[Tensor, "B 1"]:
    if temperature == 0:
        return scores.argmax(dim=-1, keepdim=True)
    candidates = None
    if top_k is not None and top_k < scores.shape[1]:
        scores, candidates = scores.topk(top_k, dim=-1)
    p = torch.softmax(scores / temperature, dim=-1).to(generator.device)
    drawn = torch.multinomial(p, 1, generator=generator).to(scores.device)
    return drawn if candidates is None else candidates.gather(1, drawn)
