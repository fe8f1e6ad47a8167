"""What chapters share that train a language model, and dictionaries of what is inside it."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from lib.model.config import TransformerConfig
from lib.model.training import TrainingSettings
from lib.sae.training import FitSettings
from lib.settings.base import PROFILE_SECONDS, ChapterSettings
from lib.text.corpora import HubText

TINY_STORIES = HubText(
    repository="roneneldan/TinyStories",
    revision="f54c09fd23315a6f9c86f9dc80f725de7d8f9c64",
)


OWN = "own"
"""The model, or the dictionaries, that a run trains itself."""


class LanguageModelSettings(ChapterSettings):
    """A transformer, the text that it learns from, and how long it is trained.

    The model has the run's seed, so that runs of several seeds are about several models; with one
    `lm_seed` for all they share a model, train it once, and are about dictionaries and draws.
    """

    site_kind: ClassVar[str] = "mlp_act"
    """Which of a block's values are read: here those inside the MLP, after its nonlinearity."""

    model: str = Field(default=OWN, min_length=1)
    """`own`: trained here; or one that was kept, see `lib.model.published.kept`."""
    text_characters: int = Field(gt=0)
    """Characters of text, training and validation together."""
    layers: int = Field(gt=0)
    """Blocks of the language model."""
    width: int = Field(gt=0)
    """Width of its residual stream, D; elsewhere d_model."""
    heads: int = Field(gt=0)
    """Attention heads; they share the width."""
    mlp_width: int = Field(gt=0)
    """Neurons of an MLP."""
    context: int = Field(ge=8)
    """Tokens that the model sees at once; elsewhere n_ctx."""
    lm_steps: int = Field(gt=0)
    """Training steps of the language model."""
    lm_batch: int = Field(gt=0)
    """Windows of text in a batch."""
    lm_learning_rate: float = Field(gt=0)
    """Highest learning rate; it ends at a tenth of it."""
    lm_seed: int | None = Field(default=None, ge=0, lt=2**31)
    """Seeds the language model alone, for runs that are to share one; None: the run's seed."""
    site_block: int = Field(ge=0)
    """Block, counted from 0, of the site (elsewhere hook point) at which the model is read."""

    @model_validator(mode="after")
    def _model_fits_together(self) -> LanguageModelSettings:
        if self.width % self.heads:
            raise ValueError(
                f"width must be a multiple of heads; got width {self.width}, heads {self.heads}"
            )
        if self.site_block >= self.layers:
            raise ValueError(
                f"site_block counts from 0 and must be below layers ({self.layers}); "
                f"got {self.site_block}"
            )
        return self

    @property
    def kept(self) -> str | None:
        """The model that is read in the place of one that is trained; None where there is none."""
        return None if self.model == OWN else self.model

    @property
    def model_seed(self) -> int:
        """The seed of the language model."""
        return self.seed if self.lm_seed is None else self.lm_seed

    @property
    def untrained_seed(self) -> int:
        """The first seed of models that get no training: no trained one's."""
        return 1_000_000 + 100 * self.model_seed

    @property
    def site(self) -> str:
        """Where the model is read."""
        return f"blocks.{self.site_block}.{self.site_kind}"

    def transformer(self, vocab_size: int) -> TransformerConfig:
        """GPT-2's kind of model at this run's size; a study whose model differs says in what."""
        return TransformerConfig(
            vocab_size=vocab_size,
            context=self.context,
            layers=self.layers,
            width=self.width,
            heads=self.heads,
            mlp_width=self.mlp_width,
            positions="learned",
            norm="layer",
            mlp="gelu",
            tied=True,
            biases=True,
        )

    def training(self) -> TrainingSettings:
        """How the language model is trained: a short warm-up, then a cosine."""
        return TrainingSettings(
            steps=self.lm_steps,
            batch=self.lm_batch,
            learning_rate=self.lm_learning_rate,
            final_learning_rate=self.lm_learning_rate / 10,
            warmup=max(1, self.lm_steps // 20),
            evaluate_every=max(1, self.lm_steps // 4),
        )


class DictionarySettings(LanguageModelSettings):
    """Also the data that dictionaries of the model learn from."""

    vectors: int = Field(gt=0)
    """Activation vectors to train dictionaries on."""
    sae_batch: int = Field(gt=0)
    """Vectors in a training step."""
    sae_learning_rate: float = Field(gt=0)
    """Adam's, at its highest, where a dictionary learns from the language model."""


class UntrainedSettings(LanguageModelSettings):
    """Beside the model stand some with random weights, as a control."""

    untrained_models: int = Field(ge=1)
    """How many, of the kinds of `lib.model.random_weights` in turn; intervals are over them."""


class SubwordSettings(DictionarySettings):
    """The model reads byte pairs, and its dictionaries are trained in one way at any length."""

    vocabulary: int = Field(ge=256)
    """Tokens of the byte-pair encoding, where the model is trained here."""

    def fitting(self, steps: int, learning_rate: float | None = None) -> FitSettings:
        """How dictionaries are trained; the order of the data depends on the run's seed.

        Args:
            learning_rate: another than `sae_learning_rate`.
        """
        return FitSettings(
            steps=steps,
            batch=self.sae_batch,
            learning_rate=learning_rate or self.sae_learning_rate,
            warmup=min(100, steps // 10),
            seed=self.seed,
            log_every=max(1, steps // 50),
            # Large dictionaries have checkpoints of gigabytes, which take a while to write.
            checkpoint_seconds=max(15.0, PROFILE_SECONDS[self.profile] / 16),
        )


class ShelfSettings(SubwordSettings):
    """The model may be a published one; the sizes of the language model and the vocabulary, but
    for context and site_block, are then its own, and those here are not used."""

    model: str = Field(default=OWN, min_length=1)
    """`own`: trained here; else one that was kept, or a published one: see `lib.cache.shelf`."""
    skip_first: int | None = Field(default=None, ge=0)
    """Positions at the start of a window that dictionaries neither learn from nor take the place
    of; None: one where its norm is above 4 times the median of the others, else none."""

    @model_validator(mode="after")
    def _leaves_positions(self) -> ShelfSettings:
        if self.skip_first is not None and self.skip_first >= self.context:
            raise ValueError(
                f"skip_first must be below context ({self.context}); got {self.skip_first}"
            )
        return self
