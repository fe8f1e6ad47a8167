"""What training holds in memory at the sizes for a T4, counted without having them.

The book's own steps run on tensors that have a shape and no content, so that nothing is computed;
what lives at once is added up. This is a calculation: no run on a T4 has been measured. It leaves
out what CUDA itself takes, what its allocator wastes, and the analysis after training, which reads
pieces of bounded size.
"""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from lib.model import cross_entropy
from lib.model.training_run import TrainingRun
from lib.model.transformer import Transformer
from lib.sae import ensemble, sparse_ops
from lib.sae.autoencoders import L1, TopK
from lib.sae.base import SparseAutoencoder
from lib.settings import ChapterSettings
from lib.studies.registry import resolve

pytestmark = pytest.mark.slow

GIB = 2**30
T4_GIB, HALF = 16, 0.5
"""A T4's memory, and the share of it that training may take: the rest is for what is left out."""
COLAB_GIB, OTHERS_GIB = 12, 4
"""A free Colab machine's memory, and what Python, CUDA, model and text take of it."""
COPIES = 3
"""Of a checkpoint, in memory, while it is written."""
CPU = torch.device("cpu")
# The widths of what the published models' dictionaries read; see the chapters' tables.
SITES = {"03": 4096, "04": 512}


class Held(TorchDispatchMode):
    """Adds up the bytes of all tensors that are made inside it, and that live at once."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.peak = 0
        self.known: weakref.WeakSet = weakref.WeakSet()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        made = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(made):
            if isinstance(tensor, torch.Tensor):
                self.count(tensor.untyped_storage())
        return made

    def count(self, storage: torch.UntypedStorage) -> None:
        if storage not in self.known:
            self.known.add(storage)
            size = storage.nbytes()
            self.add(size)
            weakref.finalize(storage, self.add, -size)

    def add(self, size: int) -> None:
        self.now += size
        self.peak = max(self.peak, self.now)


def peak(train: Callable[[], Any], content: bool = False) -> float:
    """GiB that `train` holds at once; without content, nothing is computed."""
    shapes = contextlib.nullcontext() if content else FakeTensorMode(allow_non_fake_inputs=True)
    with shapes, Held() as held:
        train()
    return held.peak / GIB


def language_model(settings: ChapterSettings, vocabulary: int) -> Callable[[], Any]:
    """Two steps of a chapter's language model."""

    def train() -> None:
        model = Transformer(settings.transformer(vocabulary), seed=0)
        run = TrainingRun(model, settings.training(), 0, CPU, "fp16", {})
        for _ in range(2):
            run.update(np.zeros(10_000, dtype=np.int64))

    return train


def dictionaries(
    make: Callable[[], list[SparseAutoencoder]], fitting: Any, rows: int | None = None
) -> Callable[[], Any]:
    """Two steps of dictionaries that train together."""

    def train() -> None:
        saes = make()
        x = torch.zeros(rows or fitting.batch, saes[0].width)
        parts = [unit for unit, _ in ensemble.make_ensembles(saes, fitting, CPU, "fp16")]
        for number, unit in product(range(2), parts):
            unit.step(x, number)

    return train


@pytest.fixture(autouse=True)
def one_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module without content cannot be moved, and need not be."""
    monkeypatch.setattr(SparseAutoencoder, "to", lambda self, *_: self)


@pytest.fixture
def as_on_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces and stacks have the sizes that they have on a GPU, and sorting is torch's."""
    monkeypatch.setattr(ensemble, "CPU_CODES", ensemble.GPU_CODES)
    monkeypatch.setattr(ensemble, "CPU_PADDING", ensemble.GPU_PADDING)
    monkeypatch.setattr(sparse_ops, "CPU_ROWS", 2**20)
    monkeypatch.setattr(sparse_ops, "_sorted", lambda flat, _: torch.argsort(flat, stable=True))
    monkeypatch.setitem(cross_entropy.CHUNK_LOGITS, True, cross_entropy.CHUNK_LOGITS[False])


def members(chapter: str, s: Any) -> Iterator[tuple[Callable, Any]]:
    """The dictionaries that a chapter trains together, the largest of its ensembles."""
    if chapter == "01":
        yield lambda: [TopK(s.width, s.features, s.k)], s.fitting(0)
    elif chapter == "02":
        sizes = [*s.sizes] * s.seeds
        yield lambda: [L1(s.width, size, 0.1) for size in sizes], s.fitting(s.sae_steps)
        grid = [*s.sizes[: s.map_sizes]] * (len(s.coefficients) * s.map_seeds)
        yield lambda: [L1(s.width, size, 0.1) for size in grid], s.fitting(s.map_steps)
    elif chapter == "03":
        size = (SITES["03"], s.features)
        number = s.dict_seeds
        yield lambda: [*(L1(*size, 0.1) for _ in range(number)), TopK(*size, s.k)], s.fitting(9)
    elif chapter == "04":
        width = SITES["04"]
        count, wide = s.dictionaries, s.wide_ratio * SITES["04"]
        yield lambda: [L1(width, wide, 0.1) for _ in range(count)], s.fitting(s.wide_steps)
    elif chapter == "05":
        top = [r * s.toy_width for r in s.ratios] * (len(s.coefficients) * s.grid_seeds)
        yield lambda: [L1(s.toy_width, size, 0.1) for size in top], s.fitting(s.grid_steps)


@pytest.mark.usefixtures("as_on_a_gpu")
@pytest.mark.parametrize("chapter", ["01", "02", "05"])
def test_a_language_model_fits_a_t4(chapter: str) -> None:
    settings = resolve(chapter, {"profile": "t4"})
    vocabulary = getattr(settings, "vocabulary", 256)
    found = peak(language_model(settings, vocabulary))
    print(chapter, "language model", round(found, 2))
    assert found < HALF * T4_GIB


@pytest.mark.usefixtures("as_on_a_gpu")
@pytest.mark.parametrize("chapter", ["01", "02", "03", "04", "05"])
def test_dictionaries_fit_a_t4_and_their_checkpoints_the_machine(chapter: str) -> None:
    settings = resolve(chapter, {"profile": "t4"})
    for make, fitting in members(chapter, settings):
        found = peak(dictionaries(make, fitting))
        with FakeTensorMode():
            parameters = sum(p.numel() for sae in make() for p in sae.parameters())
        checkpoint = parameters * 3 * 4 / GIB  # weights and Adam's two moments
        print(chapter, "dictionaries", round(found, 2), "checkpoint", round(checkpoint, 2))
        assert found < HALF * T4_GIB
        assert COPIES * checkpoint + OTHERS_GIB < COLAB_GIB


def test_counting_without_content_is_counting() -> None:
    """The same as what real tensors take, at sizes that there are."""
    settings = resolve("05", {"profile": "ci"})
    for train in (
        language_model(settings, settings.vocabulary),
        dictionaries(lambda: [L1(16, 32, 0.1), L1(16, 64, 0.1)], settings.fitting(10), rows=64),
    ):
        assert peak(train) == pytest.approx(peak(train, content=True), rel=0.05)
