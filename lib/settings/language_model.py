"""What chapters share that train a language model, and dictionaries of what is inside it."""

from __future__ import annotations

from pydantic import Field, model_validator

from lib.model.config import TransformerConfig
from lib.model.training import TrainingSettings
from lib.sae.training import FitSettings
from lib.settings.base import PROFILE_SECONDS, ChapterSettings


class LanguageModelSettings(ChapterSettings):
    """A transformer, the text that it learns from, and how long it is trained.

    The seed of the model is apart from the run's, so that runs of several seeds share one model and
    train it once: their intervals are over dictionaries and draws.
    """

    text_characters: int = Field(gt=0)
    """Characters of text, training and validation together."""
    layers: int = Field(gt=0)
    """Blocks of the language model."""
    width: int = Field(gt=0)
    """Width of its residual stream, D."""
    heads: int = Field(gt=0)
    """Attention heads; they share the width."""
    mlp_width: int = Field(gt=0)
    """Neurons of an MLP."""
    context: int = Field(ge=8)
    """Tokens that the model sees at once."""
    lm_steps: int = Field(gt=0)
    """Training steps of the language model."""
    lm_batch: int = Field(gt=0)
    """Windows of text in a batch."""
    lm_learning_rate: float = Field(gt=0)
    """Highest learning rate; it ends at a tenth of it."""
    lm_seed: int = Field(default=0, ge=0, lt=2**31)
    """Seeds the language model alone, so that another run seed does not train it again."""
    site_block: int = Field(ge=0)
    """Block, counted from 0, in which the model is read."""

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
    """Also the data that dictionaries of the model learn from, and how they are trained on it."""

    vectors: int = Field(gt=0)
    """Activation vectors to train dictionaries on."""
    sae_batch: int = Field(gt=0)
    """Vectors in a training step."""
    sae_learning_rate: float = Field(gt=0)
    """Adam's, at its highest."""

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
