"""Activations: harvested once, split by document, shuffled in a known order, safe from kills."""

from __future__ import annotations

import errno
import json
import os
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from lib.activations import harvest as module
from lib.activations.harvest import ActivationStore, TensorActivations, harvest, split_tokens
from lib.activations.shuffle import pools, prefetch
from lib.core.errors import UserError
from lib.model.transformer import Transformer, TransformerConfig
from lib.text.tokenizers import TokenStream

D, CONTEXT = 8, 16
CPU = torch.device("cpu")


class Model(nn.Module):
    """Reads as the transformer does; token t at the site is a vector that contains t."""

    def __init__(self) -> None:
        super().__init__()
        self.config = SimpleNamespace(context=32)
        self.table = nn.Embedding(4096, D)
        nn.init.normal_(self.table.weight, generator=torch.Generator().manual_seed(0))
        with torch.no_grad():
            self.table.weight[:, 0] = torch.arange(4096)
        self.windows = 0

    def forward(self, tokens: torch.Tensor, *, read: tuple, stop_at: str | None = None):
        assert read == (stop_at,), "the site is read and nothing after it is computed"
        assert not self.training
        self.windows += len(tokens)
        return SimpleNamespace(logits=None, activations={stop_at: self.table(tokens)})


def stream(documents: int = 40, length: int = 50) -> TokenStream:
    """Every token of document d is d, so that a row tells where it came from."""
    lengths = [length + d % 7 for d in range(documents)]
    tokens = np.repeat(np.arange(documents), lengths).astype(np.uint16)
    return TokenStream(tokens, np.cumsum([0, *lengths[:-1]]).astype(np.int64))


def run(folder: Path, model: Model | None = None, text: TokenStream | None = None, **options):
    settings = {"vectors": 1500, "context": CONTEXT, "device": CPU, "precision": "fp32", "batch": 4}
    return harvest(
        model or Model(), text or stream(), "site", folder, **(settings | options)
    )  # fmt: skip


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHARD_BYTES", 16 * CONTEXT * D * 2)


def everything(store, side: str) -> np.ndarray:
    count = store.train_count if side == "train" else store.held_out_count
    return store.read(side, 0, count)


def test_no_document_is_on_both_sides(tmp_path: Path) -> None:
    store = run(tmp_path)
    train, held = everything(store, "train")[:, 0], everything(store, "held_out")[:, 0]
    assert not set(train.tolist()) & set(held.tolist())
    assert (store.train_count, store.held_out_count, store.width) == (1350, 150, D)
    assert len(set(train.tolist())) > 20


def test_rows_are_the_models(tmp_path: Path) -> None:
    model = Model()
    store = run(tmp_path, model, dtype="float32")
    rows = torch.from_numpy(everything(store, "train"))
    assert torch.equal(rows, model.table.weight[rows[:, 0].long()])


@pytest.mark.parametrize(
    ("dtype", "error"), [("float32", 0.0), ("float16", 5e-4), ("bfloat16", 4e-3)]
)
def test_what_a_format_costs(tmp_path: Path, dtype: str, error: float) -> None:
    exact = everything(run(tmp_path / "exact", dtype="float32"), "train")
    store = run(tmp_path / "rounded", dtype=dtype)
    rows = torch.cat(list(islice(store.batches(450, 0), 3)))
    order = [store.batch_rows(450, 0, step) for step in range(3)]
    expected = exact[np.concatenate(order)]
    assert (np.abs(rows.numpy() - expected) <= error * np.abs(expected)).all()
    assert (error == 0) == np.array_equal(rows.numpy(), expected)


def test_a_transformer_is_read_as_it_computes(tmp_path: Path) -> None:
    config = TransformerConfig(
        vocab_size=64, context=CONTEXT, layers=2, width=D, heads=2, mlp_width=16
    )
    model, site = Transformer(config, seed=0), "blocks.1.resid_mid"
    with pytest.raises(UserError):
        harvest(model, stream(), "blocks.1.resid", tmp_path, vectors=300, context=CONTEXT,
                device=CPU, precision="fp32")  # fmt: skip
    store = harvest(model, stream(), site, tmp_path, vectors=300, context=CONTEXT, device=CPU,
                    precision="fp32", dtype="float32")  # fmt: skip
    counts = {"train": 270, "held_out": 30}
    sides = split_tokens(stream(), counts=counts, context=CONTEXT, per_window=CONTEXT, seed=0)
    tokens = torch.from_numpy(sides["train"][: 5 * CONTEXT].astype(np.int64)).view(5, CONTEXT)
    with torch.no_grad():
        expected = model(tokens, read=(site,)).activations[site]
    found = torch.from_numpy(everything(store, "train")[: 5 * CONTEXT].copy())
    torch.testing.assert_close(found, expected.flatten(0, 1))


def test_positions_can_be_left_out(tmp_path: Path) -> None:
    model = Model()
    text = TokenStream(np.tile(np.arange(CONTEXT), 40).astype(np.uint16), np.arange(20) * 32)
    store = run(tmp_path, model, text, skip_first=4, vectors=300)
    assert set(everything(store, "train")[:, 0].tolist()) == set(range(4, CONTEXT))
    assert store.train_count == 270


def test_a_second_harvest_reads_nothing(tmp_path: Path) -> None:
    run(tmp_path)
    model = Model()
    run(tmp_path, model)
    assert model.windows == 1  # the one that finds the site's width


def test_a_killed_harvest_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(tmp_path / "whole")
    real, written = module.write_atomically, []

    def killed(path: Path, content: bytes) -> None:
        if len(written) == 4:
            raise KeyboardInterrupt
        written.append(path)
        real(path, content)

    monkeypatch.setattr(module, "write_atomically", killed)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "killed")
    with pytest.raises(UserError, match="no finished harvest"):
        ActivationStore(tmp_path / "killed")
    monkeypatch.setattr(module, "write_atomically", real)
    model = Model()
    store = run(tmp_path / "killed", model)
    assert 1 < model.windows < 94
    for side in ("train", "held_out"):
        assert np.array_equal(everything(store, side), everything(whole, side))


@pytest.mark.parametrize("damage", ["truncated", "changed", "missing"])
def test_a_damaged_shard_is_named_and_made_anew(tmp_path: Path, damage: str) -> None:
    before = everything(run(tmp_path), "train").copy()
    path = tmp_path / "train-00001.bin"
    content = bytearray(path.read_bytes())
    if damage == "missing":
        path.unlink()
    else:
        content[100] ^= 1
        path.write_bytes(content[:-50] if damage == "truncated" else content)
    with pytest.raises(UserError, match=r"train-00001\.bin.*run the harvest again"):
        ActivationStore(tmp_path)
    if damage == "missing":
        store = run(tmp_path)
    else:
        with pytest.warns(UserWarning, match=r"train-00001\.bin .*made anew"):
            store = run(tmp_path)
    assert np.array_equal(everything(store, "train"), before)
    ActivationStore(tmp_path)


def test_a_damaged_index(tmp_path: Path) -> None:
    run(tmp_path)
    for content in ("", "{}", '{"width": 8'):
        (tmp_path / "index.json").write_text(content)
        with pytest.raises(UserError, match=r"index\.json is damaged"):
            ActivationStore(tmp_path)
    run(tmp_path)
    ActivationStore(tmp_path)


def test_another_harvest_in_the_same_folder(tmp_path: Path) -> None:
    run(tmp_path)
    with pytest.raises(UserError, match="differs in: seed"):
        run(tmp_path, seed=1)
    changed = Model()
    with torch.no_grad():
        changed.table.weight[0, 1] += 1
    with pytest.raises(UserError, match="differs in: model"):
        run(tmp_path, changed)


def test_numbers_that_are_none_or_too_large(tmp_path: Path) -> None:
    model = Model()
    with torch.no_grad():
        model.table.weight[:, 3] = float("nan")
    with pytest.raises(UserError, match=r"train-00000\.bin hold NaN"):
        run(tmp_path / "nan", model)
    with torch.no_grad():
        model.table.weight[:, 3] = 1e5
    with pytest.raises(UserError, match="beyond float16's"):
        run(tmp_path / "large", model)
    run(tmp_path / "wide", model, dtype="bfloat16")


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = SimpleNamespace(free=10)
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: free)
    with pytest.raises(UserError, match="free some space"):
        run(tmp_path)
    free.free = 10**9

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"disk is full.*train-00000\.bin"):
        run(tmp_path)
    monkeypatch.undo()
    assert run(tmp_path).train_count == 1350


def test_too_little_text(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    short = TokenStream(np.zeros(10, np.uint8), np.array([0, 5]))
    with pytest.raises(UserError, match="10 tokens and a window needs 16"):
        run(tmp_path, text=short)
    one = TokenStream(np.zeros(500, np.uint8), np.array([0]))
    with pytest.raises(UserError, match="at least two"):
        run(tmp_path, text=one)
    store = run(tmp_path, vectors=10_000)
    assert "going on with those" in capsys.readouterr().err
    assert 1500 < store.train_count + store.held_out_count < 2200


def test_one_long_document_stays_in_training() -> None:
    lengths = [5000, 60, 60, 60]
    text = TokenStream(
        np.repeat(np.arange(4), lengths).astype(np.uint8), np.cumsum([0, *lengths[:-1]])
    )
    for seed in range(5):
        sides = split_tokens(
            text, counts={"train": 5000, "held_out": 100}, context=16, per_window=16, seed=seed
        )
        assert 0 in sides["train"]
        assert 0 not in sides["held_out"]


@pytest.mark.parametrize(
    "options",
    [
        {"context": 33},
        {"held_out_share": 0.0},
        {"held_out_share": 1.0},
        {"dtype": "int8"},
        {"vectors": 1},
        {"skip_first": CONTEXT},
    ],
)
def test_impossible_settings(tmp_path: Path, options: dict) -> None:
    with pytest.raises(UserError):
        run(tmp_path, **options)
    assert not list(tmp_path.iterdir())


# Reading: the same for a folder and for tensors in memory.


def numbered(rows: int, **sizes: int) -> TensorActivations:
    store = TensorActivations(torch.arange(rows * 2.0).view(rows, 2), torch.zeros(5, 2))
    for name, value in sizes.items():
        setattr(store, name, value)
    return store


@pytest.mark.parametrize("pool_rows", [16, 64, 10_000])
def test_an_epoch_reads_every_row_once(pool_rows: int) -> None:
    store = numbered(230, block_rows=8, pool_rows=pool_rows)
    rows = torch.cat(list(islice(store.batches(23, seed=1), 10)))[:, 0] / 2
    assert sorted(rows.tolist()) == list(range(230))


def test_the_rest_of_an_epoch_is_left_out_and_others_each_time() -> None:
    store = numbered(100, block_rows=8, pool_rows=24)
    first, second = (
        {int(r) for b in islice(store.batches(30, 0, start), 3) for r in b[:, 0]}
        for start in (0, 3)
    )
    assert len(first) == len(second) == 90
    assert first != second


@pytest.mark.parametrize("start", [0, 1, 5, 9, 10, 23])
@pytest.mark.parametrize("pool_rows", [16, 40, 10_000])
def test_any_step_is_the_same_whatever_came_before(start: int, pool_rows: int) -> None:
    store = numbered(203, block_rows=8, pool_rows=pool_rows)
    whole = list(islice(store.batches(20, seed=4), 26))
    resumed = list(islice(store.batches(20, seed=4, start_step=start), 26 - start))
    assert all(torch.equal(a, b) for a, b in zip(whole[start:], resumed, strict=True))
    rows = store.batch_rows(20, 4, start)
    assert whole[start][:, 0].tolist() == (2.0 * rows).tolist()


def test_seeds_and_epochs_differ() -> None:
    store = numbered(64)
    one = next(store.batches(64, seed=0))
    assert not torch.equal(one, next(store.batches(64, seed=1)))
    assert not torch.equal(one, next(store.batches(64, seed=0, start_step=1)))


def test_neighbours_are_separated() -> None:
    """Rows of one document stand side by side on disk; a batch must not."""
    store = numbered(4096)
    rows = next(store.batches(512, seed=0))[:, 0] / 2
    assert ((rows[1:] - rows[:-1]).abs() == 1).float().mean() < 0.02
    assert len(set((rows // 128).tolist())) == 32


def test_pools_cover_everything_once() -> None:
    for rows, block, pool in [(1, 8, 16), (100, 8, 16), (96, 8, 1000), (17, 100, 100)]:
        ids = [
            np.concatenate([np.arange(f, min(f + block, rows)) for f in p.blocks])[p.order]
            for p in pools(rows, 0, 0, block=block, pool=pool)
        ]
        assert sorted(np.concatenate(ids)) == list(range(rows))


def test_held_out_in_order_and_complete(tmp_path: Path) -> None:
    store = run(tmp_path)
    pieces = list(store.held_out(40))
    assert [len(piece) for piece in pieces] == [40, 40, 40, 30]
    assert np.array_equal(torch.cat(pieces).half().numpy(), everything(store, "held_out"))


def test_a_batch_must_fit_the_data() -> None:
    for size in (0, 65):
        with pytest.raises(UserError, match="64 training rows"):
            numbered(64).batches(size, 0)


def test_where_a_row_comes_from(tmp_path: Path) -> None:
    store = run(tmp_path)
    files = json.loads((tmp_path / "index.json").read_text())["train"]
    assert store.place(0).endswith(files[0][0])
    assert store.place(files[0][1] - 1).endswith(files[0][0])
    assert store.place(files[0][1]).endswith(files[1][0])
    assert store.place(store.train_count - 1).endswith(files[-1][0])


def test_a_sample_is_shuffled_and_fits() -> None:
    store = numbered(50)
    assert sorted(store.sample(1000)[:, 0].tolist()) == list(range(0, 100, 2))
    assert store.sample(10).shape == (10, 2)


def test_errors_of_the_reading_thread_arrive() -> None:
    def broken():
        yield 1
        raise UserError("no more")

    reader = prefetch(broken())
    assert next(reader) == 1
    with pytest.raises(UserError, match="no more"):
        next(reader)
