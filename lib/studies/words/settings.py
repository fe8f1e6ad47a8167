"""Chapter 1, words from letters: what a run can change, and the sizes of each profile."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any, ClassVar

from pydantic import Field, model_validator

from lib.model.config import TransformerConfig
from lib.model.training import TrainingSettings
from lib.sae.training import FitSettings
from lib.settings.language_model import LanguageModelSettings
from lib.text.corpora import HubText


class Settings(LanguageModelSettings):
    """A character model, dictionaries on one of its sites, and the text to judge them on."""

    chapter: ClassVar[str] = "01"
    bundled: ClassVar[str] = "storyworld"
    hub: ClassVar[HubText] = HubText(
        repository="roneneldan/TinyStories",
        revision="f54c09fd23315a6f9c86f9dc80f725de7d8f9c64",
    )

    lm_accumulation: int = Field(gt=0)
    """Batches in a step of the language model."""
    features: int = Field(gt=0)
    """Features of a dictionary, F."""
    k: int = Field(gt=0)
    """Features that may be active at once, K."""
    auxiliary_k: int = Field(ge=0)
    """Silent features that the auxiliary loss may revive at once; 0 turns it off."""
    vectors: int = Field(gt=0)
    """Activation vectors to train dictionaries on."""
    sae_steps: int = Field(gt=0)
    """Training steps of a dictionary."""
    sae_batch: int = Field(gt=0)
    """Activation vectors in a step."""
    sae_learning_rate: float = Field(gt=0)
    """Highest learning rate of a dictionary."""
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
    steering_samples: int = Field(gt=1)
    """Continuations for each feature and dose."""
    steering_characters: int = Field(gt=0)
    """Length of a continuation."""
    steering_features: int = Field(gt=0)
    """Features to steer with in each group, at most."""
    steering_doses: tuple[float, ...] = Field(min_length=1)
    """What is added, as shares of an activation's typical length, rising."""
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
        if self.steering_prompt + self.steering_characters > self.context:
            raise ValueError(
                f"steering_characters and a prompt of {self.steering_prompt} must fit the context "
                f"({self.context}); got {self.steering_characters}"
            )
        doses = self.steering_doses
        if doses[0] <= 0 or any(a >= b for a, b in pairwise(doses)):
            raise ValueError(f"steering_doses must rise, from above 0; got {list(doses)}")
        if self.k > self.features:
            raise ValueError(f"k must not exceed features ({self.features}); got {self.k}")
        return self

    @property
    def site(self) -> str:
        """Where the model is read: after a block's attention, before its MLP."""
        return f"blocks.{self.site_block}.resid_mid"

    @property
    def steering_prompt(self) -> int:
        """Characters of a prompt: what the model has seen when steering begins."""
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


_LARGE_INTERVENTIONS = {
    "steering_samples": 400,
    "steering_characters": 40,
    "steering_features": 20,
    "steering_doses": (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8),
    "erasure_features": 60,
    "erasure_occasions": 48,
}
"""Steering and erasure where a GPU is to be had."""

PROFILES: dict[str, dict[str, Any]] = {
    "ci": {
        "text_characters": 400_000,
        "layers": 2,
        "width": 32,
        "heads": 2,
        "mlp_width": 88,
        "context": 64,
        "lm_steps": 60,
        "lm_batch": 16,
        "lm_accumulation": 1,
        "lm_learning_rate": 3e-3,
        "site_block": 1,
        "features": 128,
        "k": 4,
        "auxiliary_k": 16,
        "vectors": 20_000,
        "sae_steps": 60,
        "sae_batch": 512,
        "sae_learning_rate": 3e-3,
        "dictionaries": 2,
        "control_dictionaries": 1,
        "analysis_characters": 8_000,
        "overlapping_windows": 40,
        "steering_samples": 8,
        "steering_characters": 12,
        "steering_features": 2,
        "steering_doses": (0.2, 0.5),
        "erasure_features": 2,
        "erasure_occasions": 3,
    },
    "cpu": {
        "text_characters": 6_000_000,
        "layers": 4,
        "width": 128,
        "heads": 4,
        "mlp_width": 352,
        "context": 128,
        "lm_steps": 900,
        "lm_batch": 32,
        "lm_accumulation": 1,
        "lm_learning_rate": 3e-3,
        "site_block": 2,
        "features": 4096,
        "k": 8,
        "auxiliary_k": 64,
        "vectors": 400_000,
        "sae_steps": 450,
        "sae_batch": 2048,
        "sae_learning_rate": 1e-3,
        "dictionaries": 5,
        "control_dictionaries": 2,
        "analysis_characters": 120_000,
        "overlapping_windows": 800,
        "steering_samples": 200,
        "steering_characters": 24,
        "steering_features": 6,
        "steering_doses": (0.1, 0.2, 0.4, 0.6),
        "erasure_features": 20,
        "erasure_occasions": 24,
    },
    "t4": {
        "text_characters": 100_000_000,
        "layers": 6,
        "width": 384,
        "heads": 6,
        "mlp_width": 1024,
        "context": 256,
        "lm_steps": 6_000,
        "lm_batch": 128,
        "lm_accumulation": 1,
        "lm_learning_rate": 1e-3,
        "site_block": 3,
        "features": 8192,
        "k": 16,
        "auxiliary_k": 256,
        "vectors": 4_000_000,
        "sae_steps": 8_000,
        "sae_batch": 4096,
        "sae_learning_rate": 3e-4,
        "dictionaries": 5,
        "control_dictionaries": 2,
        "analysis_characters": 400_000,
        "overlapping_windows": 4000,
        **_LARGE_INTERVENTIONS,
    },
    # The study's own sizes. It trained on 250,000 vectors 491 times over, which its author calls a
    # mistake; here they are 80 times as many, each seen about 6 times.
    "paper": {
        "text_characters": 100_000_000,
        "layers": 8,
        "width": 512,
        "heads": 8,
        "mlp_width": 1408,
        "context": 512,
        "lm_steps": 6_000,
        "lm_batch": 32,
        "lm_accumulation": 4,
        "lm_learning_rate": 1e-3,
        "site_block": 4,
        "features": 16_384,
        "k": 32,
        "auxiliary_k": 256,
        "vectors": 20_000_000,
        "sae_steps": 30_000,
        "sae_batch": 4096,
        "sae_learning_rate": 1e-4,
        "dictionaries": 5,
        "control_dictionaries": 2,
        "analysis_characters": 500_000,
        "overlapping_windows": 10000,
        **_LARGE_INTERVENTIONS,
    },
}
