"""Settings of chapter 4, splitting a hyphen: what a run can change."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from lib.sae.training import FitSettings
from lib.settings.dictionaries import L1Settings
from lib.settings.language_model import ShelfSettings
from lib.text.corpora import HubText


class Settings(L1Settings, ShelfSettings):
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

    site_kind: ClassVar[str] = "mlp_out"
    """What the MLP adds to the residual stream."""

    validation_share: float = Field(gt=0, lt=1)
    """Share of the documents that only serve to choose and to judge features."""
    analysis_tokens: int = Field(gt=0)
    """Text for choosing features, and again as much for judging them."""
    narrow_ratio: float = Field(ge=0.05)
    """Features of a narrow dictionary over the width of what it reads; may be below 1."""
    wide_ratio: int = Field(ge=2)
    """Features of a wide dictionary over those of a narrow one."""
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
