"""Settings of chapter 6, what the five studies could not know: what a run can change."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field, model_validator

from lib.activations.toy_data import ToySettings
from lib.sae.training import FitSettings
from lib.settings.base import PROFILE_SECONDS
from lib.settings.dictionaries import L1Settings, StepsSettings
from lib.settings.language_model import (
    TINY_STORIES,
    DictionarySettings,
    UntrainedSettings,
)
from lib.text.corpora import HubText


class Settings(L1Settings, StepsSettings, UntrainedSettings, DictionarySettings):
    """A character model and dictionaries of it: watched, steered with, split, and counted.

    Parts 1, 2 and 4 read the chapter's own model; part 3 may read a published one.
    """

    chapter: ClassVar[str] = "06"
    hub: ClassVar[HubText] = TINY_STORIES
    site_kind: ClassVar[str] = "resid_post"
    """What leaves a block."""

    sizes: tuple[int, ...] = Field(min_length=2)
    """Features of the dictionaries of part 1, rising; the largest are those of part 2, and those of
    part 4 are as large."""
    k: int = Field(gt=0)
    """Features that may be active at once in a TopK dictionary."""
    seeds: int = Field(ge=2)
    """Dictionaries of each size and kind, in parts 1 and 4."""
    looks: int = Field(ge=2)
    """How often they are looked at while they train."""
    toy_sizes: tuple[int, ...] = Field(min_length=2)
    """Features of the dictionaries of toy data, rising: the first is the width of the vectors, the
    last the number of true features."""
    analysis_characters: int = Field(gt=0)
    """Held-out text for choosing features and measuring what they read, and again as much for
    judging; in tokens where part 3 reads a published model."""
    words: int = Field(ge=2)
    """Words to steer to, the most frequent ones after "a" and "the"."""
    steering_prompts: int = Field(gt=1)
    """Places at which the model is steered."""
    steering_features: int = Field(gt=3)
    """Features of each dictionary that are steered with, drawn at random."""
    mark_model: str = Field(min_length=1)
    """The model of part 3: `own`, the chapter's; or a published one, see `lib.cache.shelf`."""
    mark_block: int = Field(ge=0)
    """Block of a published model whose output is read."""
    mark: str = Field(min_length=1)
    """The token of part 3 whose feature is to be split."""
    mark_vectors: int = Field(gt=0)
    """Activation vectors of part 3."""
    narrow: int = Field(ge=2)
    """Features of its narrow dictionary, and of the inner part of a nested one."""
    wide: int = Field(ge=4)
    """Features of its wide dictionaries."""
    mark_steps: int = Field(ge=10)
    """Training steps of these."""
    mark_seeds: int = Field(ge=2)
    """Wide dictionaries of each setting."""

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        for name in ("sizes", "toy_sizes"):
            values = getattr(self, name)
            if list(values) != sorted(set(values)) or values[0] < self.k:
                raise ValueError(f"{name} must rise, from at least k ({self.k}); got {values}")
        if self.narrow >= self.wide:
            raise ValueError(f"narrow must be below wide ({self.wide}); got {self.narrow}")
        if self.untrained_models < 2:
            raise ValueError("untrained_models must be at least 2, one of each of two kinds; got 1")
        return self

    @property
    def look_steps(self) -> list[int]:
        """Steps at which dictionaries are looked at: each a fixed multiple of the one before."""
        first = max(1, self.sae_steps // 2 ** (self.looks - 1))
        found = np.geomspace(first, self.sae_steps, self.looks).round().astype(int)
        return sorted({int(step) for step in found})

    @property
    def prompt_characters(self) -> int:
        """Characters of a prompt."""
        return min(32, self.context // 2)

    def fitting(self, steps: int) -> FitSettings:
        """How dictionaries are trained; the order of the data depends on the run's seed."""
        return FitSettings(
            steps=steps,
            batch=self.sae_batch,
            learning_rate=self.sae_learning_rate,
            warmup=min(100, steps // 10),
            seed=self.seed,
            log_every=max(1, steps // 20),
            checkpoint_seconds=max(15.0, PROFILE_SECONDS[self.profile] / 16),
        )

    def world(self) -> ToySettings:
        """Toy data with as many true features as the largest dictionary of them has."""
        return ToySettings(width=self.toy_sizes[0], features=self.toy_sizes[-1], seed=self.seed)
