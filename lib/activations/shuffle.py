"""Shuffling: rows in an order that mixes documents and is known from (seed, step) alone.

An epoch reads every row once. Contiguous blocks of rows are permuted; some thousand blocks at a
time form a pool that fits memory, and the rows of a pool are permuted again. So the disk is read in
long pieces, a batch holds rows of many documents, and any step's rows can be computed without the
steps before it: a resumed run reads what an uninterrupted one would have read.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import NamedTuple, TypeVar

import numpy as np
from jaxtyping import Int64

# Rows next to each other on disk that stay together until their pool is shuffled.
BLOCK_ROWS = 128
# Rows shuffled together in memory: 64 MB at a width of 256 in float16.
POOL_ROWS = 131_072
# Batches prepared ahead by the reading thread.
AHEAD = 3

T = TypeVar("T")


class Pool(NamedTuple):
    """Some blocks of one epoch, to be read in this order, and their rows in shuffled order."""

    blocks: Int64[np.ndarray, " blocks"]
    """First rows of the blocks."""
    order: Int64[np.ndarray, " rows"]
    """A permutation of the pool's rows, as positions after the blocks have been read."""


def pools(
    rows: int, seed: int, epoch: int, *, block: int = BLOCK_ROWS, pool: int = POOL_ROWS
) -> Iterator[Pool]:
    """The pools of one epoch; together they hold each of `rows` rows exactly once."""
    firsts = np.arange(0, rows, block, dtype=np.int64)
    firsts = np.random.default_rng([seed, epoch]).permutation(firsts)
    per_pool = max(1, pool // block)
    for number, start in enumerate(range(0, len(firsts), per_pool)):
        chosen = firsts[start : start + per_pool]
        size = int(np.minimum(block, rows - chosen).sum())
        yield Pool(chosen, np.random.default_rng([seed, epoch, number + 1]).permutation(size))


def batch_rows(
    rows: int, batch: int, seed: int, step: int, **sizes: int
) -> Int64[np.ndarray, " B"]:
    """Which rows step `step` reads. The plain statement of the order, for messages and tests."""
    epoch, number = divmod(step, rows // batch)
    block = sizes.get("block", BLOCK_ROWS)
    parts = []
    for chosen, order in pools(rows, seed, epoch, **sizes):
        ids = np.concatenate([np.arange(f, min(f + block, rows)) for f in chosen.tolist()])
        parts.append(ids[order])
    return np.concatenate(parts)[number * batch : (number + 1) * batch]


def prefetch(source: Iterator[T], ahead: int = AHEAD) -> Iterator[T]:
    """Runs `source` in a thread, `ahead` items before they are asked for.

    What the source raises is raised here; closing the iterator ends the thread.
    """
    ready: queue.Queue[tuple[T | None, BaseException | None]] = queue.Queue(ahead)
    stop = threading.Event()

    def put(item: tuple[T | None, BaseException | None]) -> None:
        while not stop.is_set():
            try:
                return ready.put(item, timeout=0.1)
            except queue.Full:
                continue

    def work() -> None:
        try:
            for item in source:
                put((item, None))
                if stop.is_set():
                    return
            put((None, StopIteration()))
        except BaseException as error:
            put((None, error))

    thread = threading.Thread(target=work, name="activations", daemon=True)
    thread.start()
    try:
        while True:
            item, error = ready.get()
            if isinstance(error, StopIteration):
                return
            if error is not None:
                raise error
            yield item  # type: ignore[misc]
    finally:
        stop.set()
        thread.join()
