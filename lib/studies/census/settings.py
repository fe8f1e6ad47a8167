"""Chapter 3, the census of a hub neuron: what a run can change, and the sizes of each profile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field, model_validator

from lib.model.config import TransformerConfig
from lib.settings.language_model import DictionarySettings
from lib.text.corpora import HubText

OWN = "own"
"""The model, or the dictionaries, that this run trains itself."""


class Settings(DictionarySettings):
    """A language model of two layers, dictionaries of its last MLP, and a count of both.

    With a published model, the sizes of the language model (layers to lm_seed, but for context and
    site_block) and the vocabulary are its own, and those here are not used.
    """

    chapter: ClassVar[str] = "03"
    bundled: ClassVar[str] = "storyworld"
    hub: ClassVar[HubText] = HubText(
        repository="roneneldan/TinyStories",
        revision="f54c09fd23315a6f9c86f9dc80f725de7d8f9c64",
    )

    model: str = OWN
    """`own`, trained here; else a published one by name, see `lib.cache.pretrained`: on the
    hub, or in a folder of the same layout."""
    dictionaries: tuple[str, ...] = ()
    """Published dictionaries of that model, named in the same way; they come before our own."""
    vocabulary: int = Field(ge=256)
    """Tokens of the byte-pair encoding."""
    features: int = Field(ge=16)
    """Features of each dictionary that is trained here, F."""
    coefficient: float = Field(gt=0)
    """L1 coefficient, over the root mean square norm of what is read."""
    k: int = Field(ge=1)
    """Active features of the TopK dictionary."""
    dict_seeds: int = Field(ge=1)
    """L1 dictionaries that are trained here."""
    untrained_seeds: int = Field(ge=1)
    """L1 dictionaries of the model with random weights."""
    sae_steps: int = Field(ge=10)
    """Training steps of a dictionary."""
    sample_rows: int = Field(ge=100)
    """Vectors that a start, and the neurons' statistics, look at."""
    census_tokens: int = Field(ge=1000)
    """Held-out text on which features are counted and read."""
    wrong_tokens: int = Field(ge=1000)
    """Of these, how many are read through the wrong layer."""
    splice_tokens: int = Field(ge=100)
    """Held-out text on which losses are measured."""
    stretches: int = Field(ge=4)
    """Stretches of text that laws over ranks are compared on."""
    draws: int = Field(ge=1000)
    """Random decoders that a hub is compared with."""
    cards_aligned: int = Field(ge=1)
    """Feature cards of the features with the most power on the hub neuron."""
    cards_active: int = Field(ge=1)
    """Feature cards of the features with the largest activations."""
    examples: int = Field(ge=3)
    """Examples on a card, each from another document."""

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        if self.site_block < 1:
            raise ValueError(
                "site_block must be at least 1, because the block before it is read by mistake; "
                f"got {self.site_block}"
            )
        if self.k > self.features:
            raise ValueError(f"k must be at most features ({self.features}); got {self.k}")
        if len(self.dictionaries) + self.dict_seeds < 2:
            raise ValueError(
                "intervals are over dictionaries: dict_seeds and dictionaries must together be at "
                "least 2"
            )
        if self.dictionaries and self.model == OWN:
            raise ValueError(
                "published dictionaries belong to a published model: give model as well; got "
                f"dictionaries {list(self.dictionaries)} and model {self.model!r}"
            )
        return self

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """As it is shown on a page: folders by their names, because their place is private."""
        for name, value in super().__repr_args__():
            if name == "model":
                value = _without_place(value)
            elif name == "dictionaries":
                value = tuple(map(_without_place, value))
            yield name, value

    @property
    def site(self) -> str:
        """Where the model is read: inside an MLP, after its nonlinearity."""
        return f"blocks.{self.site_block}.mlp_act"

    @property
    def wrong_site(self) -> str:
        """The same place one block earlier."""
        return f"blocks.{self.site_block - 1}.mlp_act"

    def transformer(self, vocab_size: int) -> TransformerConfig:
        """GPT-Neo's architecture, which is the study's, at another size."""
        return replace(super().transformer(vocab_size), mlp="gelu_new", attention_scale=1.0)


def _without_place(name: str) -> str:
    return Path(name).name if Path(name).expanduser().exists() else name


_HUB_MODEL = "tinystories-2l-33m@main"
_HUB_DICTIONARIES = ("tinystories-2l-33m-268@main",)

PROFILES: dict[str, dict[str, Any]] = {
    "ci": {
        "model": OWN,
        "dictionaries": (),
        "text_characters": 500_000,
        "vocabulary": 400,
        "layers": 2,
        "width": 16,
        "heads": 2,
        "mlp_width": 64,
        "context": 32,
        "lm_steps": 60,
        "lm_batch": 16,
        "lm_learning_rate": 1e-2,
        "site_block": 1,
        "features": 128,
        "coefficient": 0.1,
        "k": 8,
        "dict_seeds": 2,
        "untrained_seeds": 2,
        "vectors": 20_000,
        "sae_steps": 100,
        "sae_batch": 256,
        "sae_learning_rate": 5e-3,
        "sample_rows": 1_000,
        "census_tokens": 12_000,
        "wrong_tokens": 6_000,
        "splice_tokens": 2_000,
        "stretches": 10,
        "draws": 2_000,
        "cards_aligned": 2,
        "cards_active": 3,
        "examples": 4,
    },
    "cpu": {
        "model": OWN,
        "dictionaries": (),
        "text_characters": 6_000_000,
        "vocabulary": 1_024,
        "layers": 2,
        "width": 48,
        "heads": 4,
        "mlp_width": 192,
        "context": 64,
        "lm_steps": 1_000,
        "lm_batch": 32,
        "lm_learning_rate": 4e-3,
        "site_block": 1,
        "features": 1_536,
        "coefficient": 0.1,
        "k": 30,
        "dict_seeds": 3,
        "untrained_seeds": 2,
        "vectors": 400_000,
        "sae_steps": 1_000,
        "sae_batch": 512,
        "sae_learning_rate": 1e-2,
        "sample_rows": 8_192,
        "census_tokens": 80_000,
        "wrong_tokens": 30_000,
        "splice_tokens": 20_000,
        "stretches": 50,
        "draws": 5_000,
        "cards_aligned": 12,
        "cards_active": 20,
        "examples": 8,
    },
    # Half as many features as the study had: with those, a checkpoint of its own dictionaries takes
    # more memory to write than a free Colab machine has.
    "t4": {
        "model": _HUB_MODEL,
        "dictionaries": _HUB_DICTIONARIES,
        "text_characters": 40_000_000,
        "vocabulary": 8_192,
        "layers": 2,
        "width": 256,
        "heads": 8,
        "mlp_width": 1_024,
        "context": 128,
        "lm_steps": 20_000,
        "lm_batch": 64,
        "lm_learning_rate": 1e-3,
        "site_block": 1,
        "features": 8_192,
        "coefficient": 0.1,
        "k": 32,
        "dict_seeds": 1,
        "untrained_seeds": 1,
        "vectors": 2_000_000,
        "sae_steps": 3_000,
        "sae_batch": 2_048,
        "sae_learning_rate": 5e-4,
        "sample_rows": 8_192,
        "census_tokens": 400_000,
        "wrong_tokens": 100_000,
        "splice_tokens": 50_000,
        "stretches": 100,
        "draws": 10_000,
        "cards_aligned": 50,
        "cards_active": 100,
        "examples": 10,
    },
    # The study's own sizes: 16,384 features of 4,096 neurons, 1.8 million tokens read.
    "paper": {
        "model": _HUB_MODEL,
        "dictionaries": _HUB_DICTIONARIES,
        "text_characters": 400_000_000,
        "vocabulary": 16_384,
        "layers": 2,
        "width": 1_024,
        "heads": 16,
        "mlp_width": 4_096,
        "context": 256,
        "lm_steps": 50_000,
        "lm_batch": 128,
        "lm_learning_rate": 5e-4,
        "site_block": 1,
        "features": 16_384,
        "coefficient": 0.1,
        "k": 32,
        "dict_seeds": 3,
        "untrained_seeds": 2,
        "vectors": 10_000_000,
        "sae_steps": 40_000,
        "sae_batch": 4_096,
        "sae_learning_rate": 3e-4,
        "sample_rows": 16_384,
        "census_tokens": 1_800_000,
        "wrong_tokens": 400_000,
        "splice_tokens": 200_000,
        "stretches": 200,
        "draws": 10_000,
        "cards_aligned": 50,
        "cards_active": 100,
        "examples": 10,
    },
}
