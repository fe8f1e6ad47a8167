"""Settings of chapter 1, words from letters: what a run can change."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import ClassVar

from pydantic import Field, model_validator

from lib.model.config import TransformerConfig
from lib.model.training import TrainingSettings
from lib.sae.training import FitSettings
from lib.settings.dictionaries import StepsSettings, TopKSettings
from lib.settings.language_model import TINY_STORIES, DictionarySettings
from lib.text.corpora import HubText


class Settings(TopKSettings, StepsSettings, DictionarySettings):
    """A character model, dictionaries on one of its sites, and the text to judge them on."""

    chapter: ClassVar[str] = "01"
    hub: ClassVar[HubText] = TINY_STORIES
    site_kind: ClassVar[str] = "resid_mid"
    """After a block's attention, before its MLP."""

    lm_accumulation: int = Field(gt=0)
    """Batches in a step of the language model."""
    auxiliary_k: int = Field(ge=0)
    """Silent features that the auxiliary loss may revive at once; 0 turns it off."""
    dictionaries: int = Field(ge=2)
    """Dictionaries, seeds 1000 x `seed` upwards; intervals are over them."""
    control_dictionaries: int = Field(gt=0)
    """Dictionaries trained on an untrained model."""
    analysis_characters: int = Field(gt=0)
    """Validation text for choosing features, and again as much for confirming them."""
    overlapping_windows: int = Field(gt=0)
    """Windows, each one character further, for the study's own way of counting words."""
    target_word: str = Field(default="little", pattern="^[a-z]{3,}$")
    """The word to steer to, in small letters; if no feature has it, the one that most have."""
    open_places: int = Field(gt=1)
    """Places after "a" and "the" from which the model writes on."""
    steering_prompts: int = Field(gt=1)
    """Such places at which it is steered."""
    steering_characters: int = Field(gt=0)
    """Length of a continuation that is shown."""
    steering_features: int = Field(gt=0)
    """Features of the word to steer with, at most; 20 times as many make up each null."""
    steering_doses: tuple[float, ...] = Field(min_length=1)
    """What is added in the figures, as shares of an activation's typical length, rising."""
    steering_divergence: float = Field(gt=0)
    """Where steering is judged: how far, in nats, the guess at the next letter has moved."""
    erasure_features: int = Field(gt=0)
    """Features to take out of the text and put in, at most."""
    erasure_occasions: int = Field(gt=0)
    """Places at which that is done, for each feature, at most."""

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        if (self.width // self.heads) % 2:
            raise ValueError(
                f"width must be an even multiple of heads; got width {self.width}, "
                f"heads {self.heads}"
            )
        if self.prompt_characters + self.steering_characters > self.context:
            raise ValueError(
                f"steering_characters and a prompt of {self.prompt_characters} must fit the "
                f"context ({self.context}); got {self.steering_characters}"
            )
        doses = self.steering_doses
        if doses[0] <= 0 or any(a >= b for a, b in pairwise(doses)):
            raise ValueError(f"steering_doses must rise, from above 0; got {list(doses)}")
        return self

    @property
    def prompt_characters(self) -> int:
        """Characters of a prompt: what the model has seen before it writes or is steered."""
        return min(32, self.context // 2)

    def transformer(self, vocab_size: int) -> TransformerConfig:
        """Study 1's architecture at this run's size."""
        return replace(
            super().transformer(vocab_size),
            positions="rope",
            norm="rms",
            mlp="swiglu",
            biases=False,
        )

    def training(self) -> TrainingSettings:
        """Study 1's optimiser at this run's length."""
        return replace(super().training(), accumulation=self.lm_accumulation)

    def fitting(self, seed: int) -> FitSettings:
        """How one dictionary is trained."""
        return FitSettings(
            steps=self.sae_steps,
            batch=self.sae_batch,
            learning_rate=self.sae_learning_rate,
            seed=seed,
        )
