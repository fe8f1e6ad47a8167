"""Chapter 5, starting from the data: what a run can change, and the sizes of each profile."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field, model_validator

from lib.activations.toy_data import ToySettings
from lib.settings.language_model import DictionarySettings
from lib.text.corpora import HubText


class Settings(DictionarySettings):
    """A toy world with known features, a tiny language model, and dictionaries of both."""

    chapter: ClassVar[str] = "05"
    bundled: ClassVar[str] = "storyworld"
    hub: ClassVar[HubText] = HubText(
        repository="roneneldan/TinyStories",
        revision="f54c09fd23315a6f9c86f9dc80f725de7d8f9c64",
    )

    toy_width: int = Field(ge=4)
    """Width of toy vectors, D."""
    toy_features: int = Field(ge=4)
    """True features of the toy world."""
    toy_active: float = Field(gt=0)
    """How many of them a toy vector has, on average."""
    toy_decay: float = Field(gt=0, le=1)
    """Frequency of a true feature over that of the one before."""
    ratios: tuple[int, ...] = Field(min_length=3)
    """Sizes of the dictionaries of a grid, over the width of what they read."""
    coefficients: tuple[float, ...] = Field(min_length=2)
    """L1 coefficients of a grid, over the root mean square norm of what is read."""
    grid_steps: int = Field(ge=10)
    """Training steps of the grid on toy data."""
    grid_seeds: int = Field(ge=2)
    """Dictionaries in each cell of a grid."""
    start_ratio: int = Field(ge=1)
    """Size of the dictionaries whose starts are compared, over the number of true features."""
    start_steps: int = Field(ge=10)
    """Training steps of these."""
    start_seeds: int = Field(ge=2)
    """How many of these for each scheme."""
    variant_seeds: int = Field(ge=2)
    """And for each kind of correlation."""
    sample_rows: int = Field(ge=100)
    """Vectors that a start may look at."""
    looks: int = Field(ge=4)
    """How often a training is looked at."""
    toy_learning_rate: float = Field(gt=0)
    """Adam's, on toy data."""

    vocabulary: int = Field(ge=256)
    """Tokens of the byte-pair encoding."""
    sae_steps: int = Field(ge=10)
    """Training steps of a dictionary of the language model."""
    sae_learning_rate: float = Field(gt=0)
    """Adam's, on the language model's activations."""
    early_share: float = Field(gt=0, lt=1)
    """The share of the steps after which a dictionary counts as undertrained."""
    analysis_tokens: int = Field(gt=0)
    """Validation text for choosing features, and again as much for confirming them."""

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        if list(self.ratios) != sorted(set(self.ratios)) or self.ratios[0] < 1:
            raise ValueError(f"ratios must rise, from at least 1; got {self.ratios}")
        if self.start_features not in [r * self.toy_width for r in self.ratios]:
            raise ValueError(
                "start_ratio x toy_features must be one of the grid's sizes, ratios x toy_width; "
                f"got {self.start_features}"
            )
        self.world()
        return self

    @property
    def start_features(self) -> int:
        """Features of the dictionaries whose starts are compared."""
        return self.start_ratio * self.toy_features

    @property
    def site(self) -> str:
        """Where the model is read: inside an MLP, after its nonlinearity."""
        return f"blocks.{self.site_block}.mlp_act"

    @property
    def early_step(self) -> int:
        """After how many steps a dictionary of the language model is looked at early."""
        return max(1, round(self.early_share * self.sae_steps))

    def world(self, correlation: str = "none") -> ToySettings:
        """The toy world of this run."""
        return ToySettings(
            width=self.toy_width,
            features=self.toy_features,
            active=self.toy_active,
            decay=self.toy_decay,
            correlation=correlation,
            seed=self.seed,
        )


_LANGUAGE_MODEL = {"layers": 6, "width": 16, "heads": 4, "mlp_width": 64, "site_block": 2}
"""What the study says of its model."""

PROFILES: dict[str, dict[str, Any]] = {
    "ci": {
        **_LANGUAGE_MODEL,
        "toy_width": 16,
        "toy_features": 32,
        "toy_active": 2.0,
        "toy_decay": 0.93,
        "ratios": (1, 2, 4),
        "coefficients": (0.1, 0.3),
        "grid_steps": 80,
        "grid_seeds": 2,
        "start_ratio": 2,
        "start_steps": 200,
        "start_seeds": 2,
        "variant_seeds": 2,
        "sample_rows": 500,
        "looks": 10,
        "sae_batch": 128,
        "toy_learning_rate": 1e-2,
        "text_characters": 500_000,
        "vocabulary": 400,
        "context": 32,
        "lm_steps": 60,
        "lm_batch": 16,
        "lm_learning_rate": 1e-2,
        "vectors": 20_000,
        "sae_steps": 60,
        "sae_learning_rate": 1e-2,
        "early_share": 0.1,
        "analysis_tokens": 8_000,
    },
    "cpu": {
        **_LANGUAGE_MODEL,
        "toy_width": 32,
        "toy_features": 64,
        "toy_active": 2.5,
        "toy_decay": 0.95,
        "ratios": (1, 2, 4, 8),
        "coefficients": (0.1, 0.2, 0.4),
        "grid_steps": 1_200,
        "grid_seeds": 3,
        "start_ratio": 2,
        "start_steps": 2_000,
        "start_seeds": 5,
        "variant_seeds": 3,
        "sample_rows": 2_048,
        "looks": 50,
        "sae_batch": 256,
        "toy_learning_rate": 1e-2,
        "text_characters": 4_000_000,
        "vocabulary": 1_024,
        "context": 64,
        "lm_steps": 1_000,
        "lm_batch": 32,
        "lm_learning_rate": 1e-2,
        "vectors": 300_000,
        "sae_steps": 800,
        "sae_learning_rate": 5e-3,
        "early_share": 0.25,
        "analysis_tokens": 60_000,
    },
    "t4": {
        **_LANGUAGE_MODEL,
        "toy_width": 64,
        "toy_features": 128,
        "toy_active": 3.0,
        "toy_decay": 0.97,
        "ratios": (1, 2, 4, 8, 16, 32),
        "coefficients": (0.05, 0.1, 0.2, 0.4, 0.8),
        "grid_steps": 10_000,
        "grid_seeds": 3,
        "start_ratio": 2,
        "start_steps": 10_000,
        "start_seeds": 5,
        "variant_seeds": 5,
        "sample_rows": 8_192,
        "looks": 100,
        "sae_batch": 512,
        "toy_learning_rate": 3e-3,
        "text_characters": 100_000_000,
        "vocabulary": 4_096,
        "context": 128,
        "lm_steps": 20_000,
        "lm_batch": 128,
        "lm_learning_rate": 5e-3,
        "vectors": 5_000_000,
        "sae_steps": 15_000,
        "sae_learning_rate": 2e-3,
        "early_share": 0.05,
        "analysis_tokens": 500_000,
    },
    # The sizes of the first report: 512 features in 256 dimensions, 20,000 steps of 256 vectors,
    # Adam at 1e-3, dictionaries up to 32 times the width.
    "paper": {
        **_LANGUAGE_MODEL,
        "toy_width": 256,
        "toy_features": 512,
        "toy_active": 5.0,
        "toy_decay": 0.99,
        "ratios": (1, 2, 4, 8, 16, 32),
        "coefficients": (0.018, 0.032, 0.056, 0.1, 0.18, 0.32, 0.56, 1.0),
        "grid_steps": 20_000,
        "grid_seeds": 3,
        "start_ratio": 2,
        "start_steps": 20_000,
        "start_seeds": 10,
        "variant_seeds": 5,
        "sample_rows": 16_384,
        "looks": 200,
        "sae_batch": 256,
        "toy_learning_rate": 1e-3,
        "text_characters": 500_000_000,
        "vocabulary": 8_192,
        "context": 256,
        "lm_steps": 50_000,
        "lm_batch": 128,
        "lm_learning_rate": 3e-3,
        "vectors": 20_000_000,
        "sae_steps": 60_000,
        "sae_learning_rate": 1e-3,
        "early_share": 0.05,
        "analysis_tokens": 1_000_000,
    },
}
