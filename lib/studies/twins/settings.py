"""Settings of chapter 2, two dictionaries, two modes: what a run can change."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar

from pydantic import Field, model_validator

from lib.settings.dictionaries import StepsSettings
from lib.settings.language_model import SubwordSettings, UntrainedSettings
from lib.text.corpora import HubText


class Settings(StepsSettings, UntrainedSettings, SubwordSettings):
    """A small language model, and dictionaries of many sizes of one of its MLPs."""

    chapter: ClassVar[str] = "02"
    bundled: ClassVar[str] = "manuals"
    hub: ClassVar[HubText] = HubText(
        repository="Skylion007/openwebtext",
        revision="b4325f019c648b1641a1784748667e8b74e5e064",
    )

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
    """Training steps of a dictionary of the language model."""
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
