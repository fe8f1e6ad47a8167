"""Settings of chapter 5, starting from the data: what a run can change."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from lib.activations.toy_data import ToySettings
from lib.settings.dictionaries import StepsSettings
from lib.settings.language_model import TINY_STORIES, SubwordSettings, UntrainedSettings
from lib.text.corpora import HubText


class Settings(StepsSettings, UntrainedSettings, SubwordSettings):
    """A toy world with known features, a tiny language model, and dictionaries of both."""

    chapter: ClassVar[str] = "05"
    hub: ClassVar[HubText] = TINY_STORIES

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
    other_seeds: int = Field(ge=2)
    """Dictionaries of each start that no claim is about, and of the Gaussian control."""
    variant_seeds: int = Field(ge=2)
    """And for each kind of correlation."""
    sae_steps: int = Field(ge=10)
    """Training steps of a dictionary of the language model."""
    sample_rows: int = Field(ge=100)
    """Vectors that a start may look at."""
    looks: int = Field(ge=4)
    """How often a training is looked at."""
    toy_learning_rate: float = Field(gt=0)
    """Adam's, on toy data."""

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
