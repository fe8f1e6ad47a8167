"""Settings of chapter 3, the census of a hub neuron: what a run can change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field, model_validator

from lib.model.config import TransformerConfig
from lib.settings.dictionaries import L1Settings, StepsSettings, TopKSettings
from lib.settings.language_model import OWN, TINY_STORIES, ShelfSettings, UntrainedSettings
from lib.text.corpora import HubText


class Settings(TopKSettings, StepsSettings, L1Settings, UntrainedSettings, ShelfSettings):
    """A language model of two layers, dictionaries of its last MLP, and a count of both.

    With a published model, the sizes of the language model (layers to lm_seed, but for context and
    site_block) and the vocabulary are its own, and those here are not used.
    """

    chapter: ClassVar[str] = "03"
    hub: ClassVar[HubText] = TINY_STORIES

    dictionaries: tuple[str, ...] = ()
    """Published dictionaries of that model, by name; they come before our own."""
    features: int = Field(ge=16)
    """Features of each dictionary that is trained here, F; elsewhere d_sae or latents."""
    sae_steps: int = Field(ge=10)
    """Training steps of a dictionary of the language model."""
    dict_seeds: int = Field(ge=1)
    """L1 dictionaries that are trained here."""
    whitened_seeds: int = Field(ge=1)
    """L1 dictionaries of activations in which each neuron is divided by its deviation."""
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
    def wrong_site(self) -> str:
        """The same place one block earlier."""
        return f"blocks.{self.site_block - 1}.{self.site_kind}"

    def transformer(self, vocab_size: int) -> TransformerConfig:
        """GPT-Neo's architecture, which is the study's, at another size."""
        return replace(super().transformer(vocab_size), mlp="gelu_new", attention_scale=1.0)


def _without_place(name: str) -> str:
    return Path(name).name if Path(name).expanduser().exists() else name
