"""Chapter 2, two dictionaries, two modes: what a run can change, and the sizes of each profile."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, ClassVar

from pydantic import Field, model_validator

from lib.settings.language_model import DictionarySettings
from lib.text.corpora import HubText


class Settings(DictionarySettings):
    """A small language model, and dictionaries of many sizes of one of its MLPs."""

    chapter: ClassVar[str] = "02"
    bundled: ClassVar[str] = "manuals"
    hub: ClassVar[HubText] = HubText(
        repository="Skylion007/openwebtext",
        revision="b4325f019c648b1641a1784748667e8b74e5e064",
    )

    vocabulary: int = Field(ge=256)
    """Tokens of the byte-pair encoding."""
    sizes: tuple[int, ...] = Field(min_length=4)
    """Features of the dictionaries, each twice the one before."""
    small: int = Field(ge=2)
    """The size of the first histogram, one of the sizes."""
    large: int = Field(ge=2)
    """The size of the second one, and of most experiments; not the largest of the sizes."""
    seeds: int = Field(ge=2)
    """Dictionaries of each size."""
    map_sizes: int = Field(ge=4)
    """For how many of the sizes, from the smallest, the range of coefficients is tried."""
    coefficients: tuple[float, ...] = Field(min_length=3)
    """That range, rising: L1 coefficients over the root mean square norm of what is read."""
    map_seeds: int = Field(ge=2)
    """Dictionaries in each cell of a map."""
    map_steps: int = Field(ge=20)
    """Their training steps."""
    vectors: int = Field(gt=0)
    """Activation vectors, training and held-out together."""
    sample_rows: int = Field(ge=200)
    """Vectors that a start and the baselines may look at."""
    sae_steps: int = Field(ge=20)
    """Training steps of a dictionary."""
    more_steps: int = Field(ge=10)
    """Training steps of the dictionaries that train on, some of them with frozen features."""
    analysis_tokens: int = Field(ge=2_000)
    """Held-out text on which features are interpreted; half to choose rules, half to judge."""

    @model_validator(mode="after")
    def _sizes_fit_together(self) -> Settings:
        if any(b != 2 * a for a, b in pairwise(self.sizes)):
            raise ValueError(f"each of the sizes must be twice the one before; got {self.sizes}")
        if not {self.small, self.large} <= set(self.sizes[:-1]) or self.small >= self.large:
            raise ValueError(
                "small and large must be two of the sizes, in this order and without the largest; "
                f"got {self.small} and {self.large} of {self.sizes}"
            )
        if self.map_sizes > len(self.sizes):
            raise ValueError(
                f"map_sizes must be at most the number of sizes, {len(self.sizes)}; "
                f"got {self.map_sizes}"
            )
        if list(self.coefficients) != sorted(set(self.coefficients)) or self.coefficients[0] <= 0:
            raise ValueError(f"coefficients must rise, from above 0; got {self.coefficients}")
        return self

    @property
    def site(self) -> str:
        """Where the model is read: inside an MLP, after its nonlinearity."""
        return f"blocks.{self.site_block}.mlp_act"


_LANGUAGE_MODEL = {"layers": 6, "width": 32, "heads": 4, "mlp_width": 128, "site_block": 2}
"""What the study says of its model."""

PROFILES: dict[str, dict[str, Any]] = {
    "ci": {
        **_LANGUAGE_MODEL,
        "text_characters": 500_000,
        "vocabulary": 400,
        "context": 32,
        "lm_steps": 60,
        "lm_batch": 16,
        "lm_learning_rate": 1e-2,
        "sizes": (32, 64, 128, 256),
        "small": 64,
        "large": 128,
        "seeds": 2,
        "map_sizes": 4,
        "coefficients": (0.1, 0.2, 0.4),
        "map_seeds": 2,
        "map_steps": 40,
        "vectors": 20_000,
        "sample_rows": 500,
        "sae_steps": 60,
        "sae_batch": 128,
        "sae_learning_rate": 1e-2,
        "more_steps": 20,
        "analysis_tokens": 8_000,
    },
    "cpu": {
        **_LANGUAGE_MODEL,
        "text_characters": 6_000_000,
        "vocabulary": 1_024,
        "context": 64,
        "lm_steps": 600,
        "lm_batch": 32,
        "lm_learning_rate": 1e-2,
        "sizes": (64, 128, 256, 512, 1_024),
        "small": 128,
        "large": 512,
        "seeds": 3,
        "map_sizes": 4,
        "coefficients": (0.05, 0.1, 0.2, 0.4, 0.8),
        "map_seeds": 3,
        "map_steps": 200,
        "vectors": 200_000,
        "sample_rows": 2_048,
        "sae_steps": 1_200,
        "sae_batch": 256,
        "sae_learning_rate": 1e-2,
        "more_steps": 300,
        "analysis_tokens": 40_000,
    },
    "t4": {
        **_LANGUAGE_MODEL,
        "text_characters": 100_000_000,
        "vocabulary": 8_192,
        "context": 256,
        "lm_steps": 10_000,
        "lm_batch": 64,
        "lm_learning_rate": 5e-3,
        "sizes": (64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192),
        "small": 512,
        "large": 2_048,
        "seeds": 3,
        "map_sizes": 6,
        "coefficients": (0.05, 0.1, 0.2, 0.4, 0.8),
        "map_seeds": 3,
        "map_steps": 5_000,
        "vectors": 5_000_000,
        "sample_rows": 8_192,
        "sae_steps": 15_000,
        "sae_batch": 256,
        "sae_learning_rate": 2e-3,
        "more_steps": 5_000,
        "analysis_tokens": 300_000,
    },
    # As many tokens as GPT-2's encoding has, Adam at 1e-3, batches of 256, a wide range of L1.
    "paper": {
        **_LANGUAGE_MODEL,
        "text_characters": 2_000_000_000,
        "vocabulary": 50_257,
        "context": 1_024,
        "lm_steps": 100_000,
        "lm_batch": 48,
        "lm_learning_rate": 2e-3,
        "sizes": (64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192),
        "small": 512,
        "large": 2_048,
        "seeds": 5,
        "map_sizes": 8,
        "coefficients": (0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6),
        "map_seeds": 3,
        "map_steps": 100_000,
        "vectors": 20_000_000,
        "sample_rows": 16_384,
        "sae_steps": 100_000,
        "sae_batch": 256,
        "sae_learning_rate": 1e-3,
        "more_steps": 30_000,
        "analysis_tokens": 1_000_000,
    },
}
