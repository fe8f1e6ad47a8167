"""Settings of chapter 0, the primer: what a run can change."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from lib.settings.dictionaries import TopKSettings
from lib.text.corpora import Source


class Settings(TopKSettings):
    """Two toy worlds, one in the plane and one that no eye can see, and dictionaries of both."""

    chapter: ClassVar[str] = "00"

    plane_chance: float = Field(gt=0, lt=1)
    """How often each of the plane's features is active."""
    plane_dictionary: int = Field(ge=5)
    """Features of a dictionary of the plane."""
    plane_steps: int = Field(ge=10)
    """Training steps of these."""
    prices: tuple[float, ...] = Field(min_length=3, max_length=4)
    """L1 coefficients that are tried on the plane, rising."""
    width: int = Field(ge=4)
    """Dimensions of the larger world, D."""
    true_features: int = Field(ge=8)
    """Its features."""
    active: float = Field(gt=0)
    """How many of them a vector has, on average."""
    features: int = Field(ge=8)
    """Features of a dictionary of the larger world, F; elsewhere d_sae or latents."""
    k: int = Field(gt=0)
    """Features that a TopK dictionary of the larger world keeps, K."""
    price: float = Field(gt=0)
    """L1 coefficient of a dictionary of the larger world."""
    steps: int = Field(ge=10)
    """Training steps of the dictionaries of the larger world."""
    dictionaries: int = Field(ge=2)
    """How many of each kind; intervals are over them."""
    batch: int = Field(gt=0)
    """Vectors in a training step."""
    learning_rate: float = Field(gt=0)
    """Adam's."""

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        if self.active >= self.true_features:
            raise ValueError(
                f"active must be below true_features ({self.true_features}); got {self.active}"
            )
        if list(self.prices) != sorted(set(self.prices)):
            raise ValueError(f"prices must rise; got {list(self.prices)}")
        return self

    def data_source(self) -> Source:
        """The primer reads no text: its vectors are drawn as it goes, whatever `source` is."""
        return Source(label="toy", real=False, bundled=True, fingerprint="toy")
