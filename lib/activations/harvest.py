"""Activation harvesting: a model's activations go to disk once, for many dictionaries to train on.

Documents are split first, each side's text is cut into windows of one context, the model reads a
window as far as the site and no further (no logits), and the rows go to shards. A kill costs the
shard that was being made; the index is written last, so that a folder with an index is whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Integer
from torch import Tensor, nn

from lib.activations.store import (
    INDEX,
    STORAGE,
    Activations,
    ActivationStore,
    TensorActivations,
    shard_bytes,
    shard_damage,
)
from lib.core.checkpoints import write_atomically
from lib.core.device import autocast
from lib.core.errors import UserError
from lib.core.progress import Progress, announce
from lib.text.tokenizers import TokenStream

__all__ = ["ActivationStore", "Activations", "TensorActivations", "harvest", "split_tokens"]

PLAN = "plan.json"
# What a kill may cost: a shard is a few seconds of work.
SHARD_BYTES = 16 * 2**20


class Job(NamedTuple):
    """One shard to be made: windows [first, last) of one side, of which `rows` rows are kept."""

    side: str
    file: str
    first: int
    last: int
    rows: int


def harvest(
    model: nn.Module,
    stream: TokenStream,
    site: str,
    folder: Path,
    *,
    vectors: int,
    context: int,
    held_out_share: float = 0.1,
    device: torch.device,
    precision: str,
    batch: int = 32,
    seed: int = 0,
    dtype: str = "float16",
    skip_first: int = 0,
) -> ActivationStore:
    """Writes the activations at `site` to `folder`, or goes on where a killed harvest stopped.

    Args:
        model: called as `model(tokens, read=(site,), stop_at=site)`; on `device` already.
        vectors: rows wanted on both sides together; fewer where the text is shorter, and said.
        context: tokens in a window; windows of one side follow each other without overlap.
        held_out_share: the share of rows whose documents never occur among the training rows.
        precision: number format of the forward pass, see `lib.core.device.autocast`.
        batch: windows in one forward pass.
        seed: chooses which documents are held out and which are read where not all are needed.
        dtype: number format on disk. "float32" keeps every bit; "float16" halves the space and
            rounds to 11 bits (a relative error up to 5e-4; beyond 65,504 there is no number);
            "bfloat16" rounds to 8 bits (up to 4e-3) and has float32's range.
        skip_first: positions at the start of each window that are read as context but not kept.
    Returns:
        the store, its shards verified; a shard that was damaged has been made anew.
    Raises:
        UserError: impossible settings, too little text, a folder that holds something else, a
            full disk, activations that are NaN, infinite or beyond the format's range.

    Example:
        >>> from tempfile import mkdtemp
        >>> from lib.model.transformer import Transformer, TransformerConfig
        >>> tokens = np.random.default_rng(0).integers(0, 50, 5_000)
        >>> model = Transformer(TransformerConfig(50, 16, layers=2, width=8, heads=2, mlp_width=32))
        >>> stream = TokenStream(tokens, np.arange(0, 5_000, 100))
        >>> store = harvest(
        ...     model, stream, "blocks.1.mlp_out", Path(mkdtemp()),
        ...     vectors=1_000, context=16, device=torch.device("cpu"), precision="fp32",
        ... )
        >>> store.width, store.train_count > store.held_out_count > 0
        (8, True)
    """
    folder = Path(folder)
    _check(model, stream, vectors, context, held_out_share, dtype, skip_first)
    per_window = context - skip_first
    held_out = max(1, round(vectors * held_out_share))
    counts = {"train": vectors - held_out, "held_out": held_out}
    sides = split_tokens(stream, counts=counts, context=context, per_window=per_window, seed=seed)
    with evaluating(model):
        width = _width(model, site, sides["train"][:context], device, precision)
    plan = {
        "site": site, "context": context, "skip_first": skip_first, "vectors": vectors,
        "held_out_share": held_out_share, "seed": seed, "dtype": dtype, "precision": precision,
        "batch": batch, "text": _digest(stream.tokens, stream.starts), "model": _fingerprint(model),
    }  # fmt: skip
    _claim(folder, plan)
    jobs = list(_jobs(sides, counts, context, per_window, width, dtype, batch))
    todo = [job for job in jobs if _is_missing(folder, job, width, dtype)]
    _check_space(folder, sum(job.rows for job in todo) * width * STORAGE[dtype]().itemsize)
    windows = sum(job.last - job.first for job in jobs)
    done = windows - sum(job.last - job.first for job in todo)
    progress = Progress("activations", windows, done)
    with evaluating(model):
        for job in todo:
            tokens = sides[job.side][job.first * context : job.last * context]
            pieces = []
            for found in _read_site(model, tokens, site, context, device, precision, batch):
                pieces.append(found[:, skip_first:].flatten(0, 1))
                progress.update(done := done + len(found))
            rows = torch.cat(pieces)[: job.rows]
            _check_numbers(rows, site, folder / job.file, dtype)
            write_atomically(folder / job.file, shard_bytes(rows, dtype))
    shards = {side: [(job.file, job.rows) for job in jobs if job.side == side] for side in sides}
    index = {"width": width, "dtype": dtype, "metadata": plan, **shards}
    write_atomically(folder / INDEX, json.dumps(index, indent=1) + "\n")
    return ActivationStore(folder, verify=False)


def split_tokens(
    stream: TokenStream,
    *,
    counts: dict[str, int],
    context: int,
    per_window: int,
    seed: int,
) -> dict[str, Integer[np.ndarray, " N"]]:
    """The text of each side: whole documents in a seeded order, as many as are needed.

    A document goes to the held-out side while that leaves enough text to train on, so that one long
    document never swallows the training side.

    Args:
        counts: rows wanted on each side, "train" and "held_out".
        per_window: rows that a window of `context` tokens gives.

    Raises:
        UserError: one document only, or a side shorter than one context.
    """
    tokens, starts = np.asarray(stream.tokens), np.asarray(stream.starts)
    lengths = np.diff(starts, append=len(tokens))
    order = np.random.default_rng(seed).permutation(np.flatnonzero(lengths))
    if len(order) < 2:
        raise UserError(
            f"the text has {len(order)} document, and held-out vectors must come from documents "
            "of their own: give at least two."
        )
    wanted = {side: -(-count // per_window) * context for side, count in counts.items()}
    total = int(lengths.sum())
    scarcity = min(1.0, total / sum(wanted.values()))
    spare = total - scarcity * wanted["train"]
    held_out, held = [], 0
    for document in order:
        if held >= scarcity * wanted["held_out"]:
            break
        # Half a context of slack: documents rarely end where a share does.
        if held + lengths[document] <= spare + context / 2:
            held_out.append(document)
            held += int(lengths[document])
    if not held_out:
        held_out = [order[int(np.argmin(lengths[order]))]]
    train = order[~np.isin(order, held_out)]
    enough = int(np.searchsorted(np.cumsum(lengths[train]), wanted["train"])) + 1
    members = {"train": train[:enough], "held_out": held_out}
    sides = {
        side: np.concatenate([tokens[starts[d] : starts[d] + lengths[d]] for d in documents])
        for side, documents in members.items()
    }
    for side, text in sides.items():
        if len(text) < context:
            raise UserError(
                f"the {side.replace('_', '-')} side of the text has {len(text)} tokens and a "
                f"window needs {context}: give more text, or choose a smaller context."
            )
    return sides


def _jobs(
    sides: dict[str, np.ndarray], counts: dict[str, int], context: int, per_window: int,
    width: int, dtype: str, batch: int,
) -> Iterator[Job]:  # fmt: skip
    """Cuts both sides into shards of whole forward passes."""
    window_bytes = per_window * width * STORAGE[dtype]().itemsize
    per_shard = max(1, SHARD_BYTES // (window_bytes * batch)) * batch
    for side, text in sides.items():
        rows = min(counts[side], len(text) // context * per_window)
        if rows < counts[side]:
            announce(
                f"activations: the text gives {rows:,} {side.replace('_', '-')} vectors of the "
                f"{counts[side]:,} asked for; going on with those"
            )
        windows = -(-rows // per_window)
        for number, first in enumerate(range(0, windows, per_shard)):
            last = min(first + per_shard, windows)
            kept = min(last * per_window, rows) - first * per_window
            yield Job(side, f"{side}-{number:05d}.bin", first, last, kept)


@contextlib.contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Without dropout, and afterwards as it was."""
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)


@torch.no_grad()
def _read_site(
    model: nn.Module, tokens: np.ndarray, site: str, context: int, device: torch.device,
    precision: str, batch: int,
) -> Iterator[Float[Tensor, "W T D"]]:  # fmt: skip
    """The site's activations of whole windows, `batch` at a time, float32 on `device`."""
    windows = torch.from_numpy(tokens.astype(np.int64)).view(-1, context)
    for chunk in windows.split(batch):
        with autocast(device, precision):
            output = model(chunk.to(device), read=(site,), stop_at=site)
        yield output.activations[site].float()


def _width(
    model: nn.Module, site: str, window: np.ndarray, device: torch.device, precision: str
) -> int:
    """The site's width, found by reading it once: an unknown site ends here, before any work."""
    return next(_read_site(model, window, site, len(window), device, precision, 1)).shape[-1]


def _check(
    model: nn.Module, stream: TokenStream, vectors: int, context: int, held_out_share: float,
    dtype: str, skip_first: int,
) -> None:  # fmt: skip
    if dtype not in STORAGE:
        raise UserError(f"activations are stored as {', '.join(STORAGE)}; got {dtype!r}.")
    if not 0 < held_out_share < 1:
        raise UserError(f"held_out_share must lie between 0 and 1; got {held_out_share}.")
    if vectors < 2:
        raise UserError(f"a harvest needs at least 2 vectors, one for each side; got {vectors}.")
    longest = getattr(getattr(model, "config", None), "context", context)
    if not 1 <= context <= longest:
        raise UserError(
            f"context must lie between 1 and the model's {longest} positions; got {context}."
        )
    if not 0 <= skip_first < context:
        raise UserError(f"skip_first must be less than the context {context}; got {skip_first}.")
    if len(stream.tokens) < context:
        raise UserError(
            f"the text has {len(stream.tokens)} tokens and a window needs {context}: give more "
            "text, or choose a smaller context."
        )


def _claim(folder: Path, plan: dict[str, Any]) -> None:
    """Notes what the folder is for; shards of another harvest must not be mixed with this one's."""
    path = folder / PLAN
    if path.exists():
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            found = {}
        if found == plan:
            return
        differing = ", ".join(key for key in plan if found.get(key) != plan[key])
        raise UserError(
            f"{folder} holds activations of another harvest (it differs in: {differing}); choose "
            "another folder or delete this one."
        )
    write_atomically(path, json.dumps(plan, indent=1) + "\n")


def _is_missing(folder: Path, job: Job, width: int, dtype: str) -> bool:
    path = folder / job.file
    damage = shard_damage(path, job.rows, width, dtype, digest=True)
    if damage and path.exists():
        warnings.warn(f"{path} {damage}; it is made anew.", stacklevel=3)
    return damage is not None


def _check_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise UserError(
            f"the activations need {needed / 2**20:,.0f} MiB in {folder}, where "
            f"{free / 2**20:,.0f} MiB are free: free some space or ask for fewer vectors."
        )


def _check_numbers(rows: Tensor, site: str, path: Path, dtype: str) -> None:
    if not bool(rows.isfinite().all()):
        raise UserError(
            f"the activations at {site} for {path} hold NaN or infinity, so the model is broken: "
            "train it again, or read it in fp32."
        )
    largest, limit = rows.abs().max().item(), torch.finfo(getattr(torch, dtype)).max
    if largest > limit:
        raise UserError(
            f"the activations at {site} for {path} reach {largest:.3g}, beyond {dtype}'s "
            f"{limit:.3g}: store them as bfloat16 or float32."
        )


def _digest(*arrays: np.ndarray) -> str:
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array))
    return digest.hexdigest()


def _fingerprint(model: nn.Module) -> str:
    """Names the weights: shards of a model that has been trained on are not those of this one."""
    return getattr(model, "key", None) or _digest(
        *(
            value.detach().cpu().reshape(-1).view(torch.uint8).numpy()
            for _, value in sorted(model.state_dict().items())
            if value.numel()
        )
    )
