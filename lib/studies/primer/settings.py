"""The primer: what a run can change, and the sizes of each profile."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field, model_validator

from lib.settings.base import ChapterSettings
from lib.text.corpora import Source


class Settings(ChapterSettings):
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
    """Features of a dictionary of it, F."""
    price: float = Field(gt=0)
    """Its L1 coefficient."""
    k: int = Field(gt=0)
    """Codes that a TopK dictionary keeps."""
    steps: int = Field(ge=10)
    """Training steps of these dictionaries."""
    dictionaries: int = Field(ge=2)
    """How many of each kind; intervals are over them."""
    batch: int = Field(gt=0)
    """Vectors in a training step."""
    learning_rate: float = Field(gt=0)
    """Adam's."""

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        if self.k > self.features:
            raise ValueError(f"k must not exceed features ({self.features}); got {self.k}")
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


_PLANE = {"plane_chance": 0.08, "plane_dictionary": 8, "prices": (0.01, 0.3, 1.6)}

PROFILES: dict[str, dict[str, Any]] = {
    "ci": {
        **_PLANE,
        "plane_steps": 200,
        "width": 16,
        "true_features": 32,
        "active": 2.0,
        "features": 64,
        "price": 0.2,
        "k": 3,
        "steps": 200,
        "dictionaries": 2,
        "batch": 128,
        "learning_rate": 1e-2,
    },
    "cpu": {
        **_PLANE,
        "plane_steps": 1_500,
        "width": 32,
        "true_features": 64,
        "active": 3.0,
        "features": 128,
        "price": 0.2,
        "k": 4,
        "steps": 2_500,
        "dictionaries": 3,
        "batch": 256,
        "learning_rate": 3e-3,
    },
    "t4": {
        **_PLANE,
        "plane_steps": 1_500,
        "width": 128,
        "true_features": 512,
        "active": 5.0,
        "features": 1024,
        "price": 0.2,
        "k": 6,
        "steps": 10_000,
        "dictionaries": 5,
        "batch": 1024,
        "learning_rate": 3e-3,
    },
    "paper": {
        **_PLANE,
        "plane_steps": 1_500,
        "width": 256,
        "true_features": 2048,
        "active": 5.0,
        "features": 4096,
        "price": 0.2,
        "k": 6,
        "steps": 30_000,
        "dictionaries": 5,
        "batch": 2048,
        "learning_rate": 1e-3,
    },
}
