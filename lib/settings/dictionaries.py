"""What chapters share about the dictionaries that they train: sizes, steps, price of activity."""

from __future__ import annotations

from pydantic import Field, model_validator

from lib.settings.base import ChapterSettings


class TopKSettings(ChapterSettings):
    """Dictionaries of one size, TopK ones among them."""

    features: int = Field(gt=0)
    """Features of each dictionary that is trained here, F; elsewhere d_sae or latents."""
    k: int = Field(gt=0)
    """Features that may be active at once in a TopK dictionary, K."""

    @model_validator(mode="after")
    def _k_is_possible(self) -> TopKSettings:
        if self.k > self.features:
            raise ValueError(f"k must be at most features ({self.features}); got {self.k}")
        return self


class StepsSettings(ChapterSettings):
    """Dictionaries that are all trained for equally long."""

    sae_steps: int = Field(gt=0)
    """Training steps of a dictionary of the language model."""


class L1Settings(ChapterSettings):
    """Dictionaries whose activity has one price."""

    coefficient: float = Field(gt=0)
    """L1 coefficient, over the root mean square norm of what is read."""
