"""Chapter 4, splitting a hyphen: what a run can change, and the sizes of each profile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from pydantic import Field

from lib.sae.training import FitSettings
from lib.settings.language_model import DictionarySettings
from lib.text.corpora import HubText


class Settings(DictionarySettings):
    """A one-layer model, narrow and wide dictionaries of its MLP's output, and text to judge them.

    The sizes of the language model count where the chapter trains its own.
    """

    chapter: ClassVar[str] = "04"
    bundled: ClassVar[str] = "manuals"
    hub: ClassVar[HubText] = HubText(
        repository="allenai/c4",
        revision="607bd4c8450a42878aa9ddc051a65a055450ef87",
        files=("en/c4-train.00000-of-01024.json.gz",),
    )

    model: str = Field(default="own", min_length=1)
    """`own`: trained here; `hub`: gelu-1l; else a folder that holds gelu-1l's files."""
    vocabulary: int = Field(ge=256)
    """Tokens of the own model's byte-pair encoding."""
    validation_share: float = Field(gt=0, lt=1)
    """Share of the documents that only serve to choose and to judge features."""
    analysis_tokens: int = Field(gt=0)
    """Text for choosing features, and again as much for judging them."""
    narrow_ratio: int = Field(ge=1)
    """Features of a narrow dictionary over the width of what it reads."""
    wide_ratio: int = Field(ge=2)
    """Features of a wide dictionary over those of a narrow one."""
    coefficient: float = Field(gt=0)
    """L1 coefficient over the root mean square norm of what is read."""
    narrow_steps: int = Field(ge=10)
    """Training steps of a narrow dictionary."""
    wide_steps: int = Field(ge=20)
    """Training steps of a wide one, whatever it reads."""
    sae_learning_rate: float = Field(gt=0)
    """Adam's; constant after a short warm-up, as in the document."""
    dictionaries: int = Field(ge=2)
    """Dictionaries of each setting, of as many seeds."""
    tile_noise: float = Field(ge=0)
    """Length of the random vector that sets the copies of a feature apart, over its own."""
    filter_level: float = Field(gt=0, lt=1)
    """Threshold of the filter over the mean of the narrow feature's 20 highest activations."""
    permutations: int = Field(ge=1)
    """Times that the classes of a dictionary's hyphens are shuffled."""
    other_features: int = Field(ge=1)
    """Other features of the narrow dictionary that are put to the same test."""

    @property
    def site(self) -> str:
        """Where the model is read: what the MLP adds to the residual stream."""
        return f"blocks.{self.site_block}.mlp_out"

    @property
    def early_step(self) -> int:
        """A tenth of the steps."""
        return max(1, self.wide_steps // 10)

    @property
    def looks(self) -> list[int]:
        """Steps after which the hyphens are encoded: the start, a tenth of the way, the end."""
        return sorted({0, self.early_step, self.wide_steps})

    @property
    def close_looks(self) -> list[int]:
        """The same where it is watched closely: often at first, then ever less often."""
        often = {1, 2, 3, 5, 10, 20, 40, *(80 * 2**k for k in range(12))}
        return sorted({*self.looks, *(step for step in often if step < self.wide_steps)})

    def fitting(self, steps: int, learning_rate: float | None = None) -> FitSettings:
        """As the document trains: at one rate after a short warm-up, with its betas."""
        return replace(
            super().fitting(steps, learning_rate),
            warmup=min(20, steps // 20),
            decay_share=0.0,
            betas=(0.9, 0.99),
            log_every=max(1, steps // 100),
        )


# gelu-1l itself, with the document's sizes of dictionaries.
_HUB_PROFILES = {
    "model": "hub",
    "vocabulary": 48_262,
    "layers": 1,
    "width": 512,
    "heads": 8,
    "mlp_width": 2_048,
    "context": 128,
    "lm_steps": 20_000,
    "lm_batch": 128,
    "lm_learning_rate": 1e-3,
    "site_block": 0,
    "narrow_ratio": 1,
    "wide_ratio": 8,
    "coefficient": 0.12,
    "sae_batch": 4_096,
    "dictionaries": 5,
    "tile_noise": 0.05,
    "filter_level": 0.22,
    "permutations": 20,
    "other_features": 10,
}

PROFILES: dict[str, dict[str, Any]] = {
    "ci": {
        "model": "own",
        "text_characters": 600_000,
        "vocabulary": 512,
        "layers": 1,
        "width": 16,
        "heads": 2,
        "mlp_width": 64,
        "context": 32,
        "lm_steps": 80,
        "lm_batch": 16,
        "lm_learning_rate": 1e-2,
        "site_block": 0,
        "validation_share": 0.5,
        "analysis_tokens": 60_000,
        "vectors": 20_000,
        "narrow_ratio": 1,
        "wide_ratio": 4,
        "coefficient": 0.1,
        "narrow_steps": 60,
        "wide_steps": 60,
        "sae_batch": 256,
        "sae_learning_rate": 3e-3,
        "dictionaries": 2,
        "tile_noise": 0.05,
        "filter_level": 0.22,
        "permutations": 3,
        "other_features": 1,
    },
    "cpu": {
        "model": "own",
        "text_characters": 12_000_000,
        "vocabulary": 2_048,
        "layers": 1,
        "width": 64,
        "heads": 4,
        "mlp_width": 256,
        "context": 64,
        "lm_steps": 3_000,
        "lm_batch": 32,
        "lm_learning_rate": 5e-3,
        "site_block": 0,
        "validation_share": 0.4,
        "analysis_tokens": 500_000,
        "vectors": 600_000,
        "narrow_ratio": 2,
        "wide_ratio": 4,
        "coefficient": 0.3,
        "narrow_steps": 2_000,
        "wide_steps": 1_200,
        "sae_batch": 256,
        "sae_learning_rate": 3e-3,
        "dictionaries": 5,
        "tile_noise": 0.05,
        "filter_level": 0.22,
        "permutations": 10,
        "other_features": 3,
    },
    # The document's sizes, trained for less long.
    "t4": {
        **_HUB_PROFILES,
        "text_characters": 60_000_000,
        "validation_share": 0.3,
        "analysis_tokens": 1_500_000,
        "vectors": 8_000_000,
        "narrow_steps": 10_000,
        "wide_steps": 3_000,
        "sae_learning_rate": 3e-4,
    },
    # The document's: 512 and 4,096 features, batches of 4,096, Adam at 1e-4, 128-token rows.
    "paper": {
        **_HUB_PROFILES,
        "text_characters": 2_000_000_000,
        "validation_share": 0.05,
        "analysis_tokens": 5_000_000,
        "vectors": 400_000_000,
        "narrow_steps": 100_000,
        "wide_steps": 100_000,
        "sae_learning_rate": 1e-4,
    },
}
