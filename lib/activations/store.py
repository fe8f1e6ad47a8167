"""Activation stores: vectors to train dictionaries on, from shards on disk or from memory.

Both kinds have the same members, so that `fit` and the metrics do not know which one they read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int64, Shaped
from torch import Tensor

from lib.activations.shuffle import BLOCK_ROWS, POOL_ROWS, batch_rows, pools, prefetch
from lib.core.errors import UserError
from lib.core.identity import content_key

INDEX = "index.json"
# How numpy holds each format; it knows no bfloat16, whose bits are the upper half of a float32.
STORAGE = {"float32": np.float32, "float16": np.float16, "bfloat16": np.uint16}
DIGEST_BYTES = hashlib.sha256().digest_size


class Activations:
    """The interface of activation stores. Rows are numbered in the order of the text.

    Attributes:
        width: D. train_count, held_out_count: rows on each side; no document is on both.
        metadata: what is known about the origin of the rows, as JSON holds it.
    """

    width: int
    train_count: int
    held_out_count: int
    metadata: dict[str, Any]
    block_rows = BLOCK_ROWS
    pool_rows = POOL_ROWS

    @property
    def key(self) -> str:
        """Names these very vectors and the order in which they are shuffled.

        What is trained on them is keyed by this. It is found anew each time, because a tensor in
        memory may have been changed in place.
        """
        order = (self.block_rows, self.pool_rows)
        return content_key(type(self).__name__, order, *self._identity())

    def _identity(self) -> Sequence[Any]:
        """All that another set of vectors of this kind would have otherwise; for `content_key`."""
        raise NotImplementedError

    def read(self, side: str, start: int, stop: int) -> Shaped[np.ndarray, "N D"]:
        """Rows start to stop of "train" or "held_out" as they are stored."""
        raise NotImplementedError

    def place(self, row: int) -> str:
        """Where training row `row` comes from, for messages."""
        raise NotImplementedError

    def batches(self, batch: int, seed: int, start_step: int = 0) -> Iterator[Float[Tensor, "B D"]]:
        """Endless shuffled batches of training rows, float32 on the CPU, read ahead by a thread.

        Step s is the same batch whatever `start_step` was: that is how a killed run goes on. The
        rows that do not fill a last batch are left out of an epoch, others each time.

        Raises:
            UserError: a batch that is larger than the number of training rows.
        """
        self._check_batch(batch)
        return prefetch(self._shuffled(batch, seed, start_step))

    def _shuffled(self, batch: int, seed: int, start_step: int) -> Iterator[Float[Tensor, "B D"]]:
        per_epoch = self.train_count // batch
        epoch, first = divmod(start_step, per_epoch)
        sizes = {"block": self.block_rows, "pool": self.pool_rows}
        while True:
            skip, left = first * batch, per_epoch - first
            rest = np.empty((0, self.width), np.float32)
            for blocks, order in pools(self.train_count, seed, epoch, **sizes):
                if skip >= len(order):
                    skip -= len(order)
                    continue
                order, skip = order[skip:], 0
                starts = blocks.tolist()
                stops = [min(start + self.block_rows, self.train_count) for start in starts]
                pool = np.concatenate(
                    [self.read("train", a, b) for a, b in zip(starts, stops, strict=True)]
                )
                while left and len(rest) + len(order) >= batch:
                    taken = batch - len(rest)
                    rows = to_float32(pool[order[:taken]])
                    yield torch.from_numpy(np.concatenate([rest, rows]) if len(rest) else rows)
                    order, left = order[taken:], left - 1
                    rest = rest[:0]
                if not left:
                    break
                rest = np.concatenate([rest, to_float32(pool[order])])
            epoch, first = epoch + 1, 0

    def batch_rows(self, batch: int, seed: int, step: int) -> Int64[np.ndarray, " B"]:
        """The training rows that `batches` yields at `step`."""
        self._check_batch(batch)
        sizes = {"block": self.block_rows, "pool": self.pool_rows}
        return batch_rows(self.train_count, batch, seed, step, **sizes)

    def held_out(self, batch: int) -> Iterator[Float[Tensor, "B D"]]:
        """Every held-out row once, in order, float32 on the CPU; the last batch may be short."""
        for start in range(0, self.held_out_count, batch):
            stop = min(start + batch, self.held_out_count)
            yield torch.from_numpy(to_float32(self.read("held_out", start, stop)))

    def sample(self, rows: int, seed: int = 0) -> Float[Tensor, "N D"]:
        """Some training rows in shuffled order, at most all of them: to start a dictionary from."""
        rows = min(rows, self.train_count)
        return next(self._shuffled(rows, seed, 0))

    def _check_batch(self, batch: int) -> None:
        if not 1 <= batch <= self.train_count:
            raise UserError(
                f"a batch holds between 1 row and all {self.train_count} training rows; got "
                f"{batch}: choose a smaller batch or harvest more vectors."
            )


class TensorActivations(Activations):
    """Vectors that are already in memory, such as toy data.

    Args:
        train: [N, D].
        held_out: [M, D].
        metadata: notes on their origin.
    """

    def __init__(
        self,
        train: Float[Tensor, "N D"],
        held_out: Float[Tensor, "M D"],
        metadata: dict[str, Any] | None = None,
    ) -> None:
        self._sides = {"train": _array(train), "held_out": _array(held_out)}
        self.width = train.shape[1]
        self.train_count, self.held_out_count = len(train), len(held_out)
        self.metadata = dict(metadata or {})

    def _identity(self) -> Sequence[Any]:
        return tuple(self._sides.values())

    def read(self, side: str, start: int, stop: int) -> Shaped[np.ndarray, "N D"]:
        return self._sides[side][start:stop]

    def place(self, row: int) -> str:
        return f"row {row} of the tensor in memory"


class Shard(NamedTuple):
    """One file of rows."""

    file: str
    rows: int


class ActivationStore(Activations):
    """Harvested vectors in a folder, memory-mapped.

    Args:
        folder: what `harvest` wrote.
        verify: read every shard once and compare its checksum (about 1 s for each GB).
        made_from: digest of what the vectors were made with; None: their checksums name them.
    Raises:
        UserError: the folder holds no finished harvest, or a shard is missing, truncated or
            damaged; the message names the file.
    """

    def __init__(self, folder: Path, *, verify: bool = True, made_from: str | None = None) -> None:
        self.folder, self._made_from = Path(folder), made_from
        path = self.folder / INDEX
        try:
            index = json.loads(path.read_text(encoding="utf-8"))
            self.width, self.dtype = int(index["width"]), str(index["dtype"])
            self.metadata = dict(index["metadata"])
            shards = {side: [Shard(*s) for s in index[side]] for side in ("train", "held_out")}
        except FileNotFoundError:
            raise UserError(
                f"{self.folder} holds no finished harvest of activations (there is no {INDEX}); "
                "harvest them first."
            ) from None
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(
                f"{path} is damaged ({error!r}); delete it and run again: the shards beside it "
                "are kept."
            ) from error
        self._shards = shards
        self._maps: dict[str, list[np.ndarray]] = {}
        self._starts: dict[str, list[int]] = {}
        for side, members in shards.items():
            self._starts[side] = [0, *accumulate(shard.rows for shard in members)]
            self._maps[side] = [self._open(shard, verify) for shard in members]
        self.train_count = self._starts["train"][-1]
        self.held_out_count = self._starts["held_out"][-1]

    def _identity(self) -> Sequence[Any]:
        if self._made_from is not None:
            return (self._made_from,)
        shards = [
            [side, shard.rows, shard_checksum(self.folder / shard.file).hex()]
            for side, members in self._shards.items()
            for shard in members
        ]
        return self.width, self.dtype, shards

    def _open(self, shard: Shard, verify: bool) -> np.ndarray:
        path = self.folder / shard.file
        if damage := shard_damage(path, shard.rows, self.width, self.dtype, digest=verify):
            raise UserError(
                f"{path} {damage}; delete it and run the harvest again, which makes this file anew "
                "and keeps the others."
            )
        return np.memmap(path, STORAGE[self.dtype], mode="r", shape=(shard.rows, self.width))

    def read(self, side: str, start: int, stop: int) -> Shaped[np.ndarray, "N D"]:
        starts, maps = self._starts[side], self._maps[side]
        number = int(np.searchsorted(starts, start, side="right")) - 1
        pieces = []
        while start < stop:
            first = starts[number]
            piece = maps[number][start - first : stop - first]
            pieces.append(piece)
            start, number = start + len(piece), number + 1
        if len(pieces) == 1:
            return pieces[0]
        return np.concatenate(pieces or [maps[0][:0]])

    def place(self, row: int) -> str:
        number = int(np.searchsorted(self._starts["train"], row, side="right")) - 1
        return str(self.folder / self._shards["train"][number].file)


def _array(values: Tensor) -> np.ndarray:
    return np.ascontiguousarray(values.detach().to("cpu", torch.float32).numpy())


def to_float32(stored: Shaped[np.ndarray, "*N"]) -> Float[np.ndarray, "*N"]:
    """Stored numbers as float32, a copy; 16-bit integers are the bits of bfloat16.

    In numpy, not torch: this runs in the reading thread, where torch would start a second team of
    threads that compete with the training step.
    """
    if stored.dtype == np.uint16:
        return (stored.astype(np.uint32) << 16).view(np.float32)
    return stored.astype(np.float32)


def shard_bytes(vectors: Float[Tensor, "N D"], dtype: str) -> bytes:
    """A shard's content: the rows in `dtype`, then the SHA-256 of those bytes."""
    stored = vectors.to("cpu", getattr(torch, dtype)).contiguous()
    payload = stored.view(torch.uint8).numpy().tobytes()
    return payload + hashlib.sha256(payload).digest()


def shard_checksum(path: Path) -> bytes:
    """The SHA-256 at the end of a shard."""
    return np.memmap(path, np.uint8, mode="r")[-DIGEST_BYTES:].tobytes()


def shard_damage(path: Path, rows: int, width: int, dtype: str, *, digest: bool) -> str | None:
    """What is wrong with a shard, in words that follow its name, or None."""
    expected = rows * width * np.dtype(STORAGE[dtype]).itemsize + DIGEST_BYTES
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return "is missing"
    if size != expected:
        return f"has {size:,} bytes where {expected:,} belong"
    if digest:
        content = np.memmap(path, np.uint8, mode="r")
        found = hashlib.sha256(content[:-DIGEST_BYTES]).digest()
        if found != content[-DIGEST_BYTES:].tobytes():
            return "is damaged (its checksum does not match)"
    return None
