"""The peers' training steps, each as its own trainer makes it, with its own defaults.

Runs in the peers' environment: torch, the peer and this package, nothing of `lib`.
"""

from __future__ import annotations

import torch
from torch import Tensor

from benchmarks.contenders import DEAD_AFTER, LEARNING_RATE, Contender


class SAELens(Contender):
    """`SAETrainer.step` of sae-lens."""

    sparse = False

    def build(self) -> None:
        from sae_lens.config import LoggingConfig, SAETrainerConfig
        from sae_lens.saes.standard_sae import StandardTrainingSAE, StandardTrainingSAEConfig
        from sae_lens.saes.topk_sae import TopKTrainingSAE, TopKTrainingSAEConfig
        from sae_lens.training.sae_trainer import SAETrainer

        sizes = {"d_in": self.width, "d_sae": self.features, "device": str(self.device)}
        if self.task["kind"] == "topk":
            # Sparse codes cannot be differentiated together with the norms on a CPU.
            config = TopKTrainingSAEConfig(
                k=self.k, use_sparse_activations=self.sparse,
                rescale_acts_by_decoder_norm=not self.sparse, **sizes,
            )  # fmt: skip
            sae = TopKTrainingSAE(config)
        else:
            sae = StandardTrainingSAE(
                StandardTrainingSAEConfig(l1_coefficient=self.task["coefficient"], **sizes)
            )
        sae.load_state_dict(self.weights)
        config = SAETrainerConfig(
            total_training_samples=10**9,
            train_batch_size_samples=self.task["batch"],
            lr=LEARNING_RATE,
            lr_end=LEARNING_RATE,
            device=str(self.device),
            logger=LoggingConfig(log_to_wandb=False),
        )
        self.trainer = SAETrainer(config, sae, data_provider=self.batches)

    def train(self, x: Tensor) -> Tensor:
        loss = self.trainer.step(x).loss.detach()
        self.trainer.n_training_steps += 1
        return loss


class SAELensSparse(SAELens):
    """The same with its option for sparse codes, the decoder's norms left out of them."""

    sparse = True


class DictionaryLearning(Contender):
    """`.update` of dictionary-learning's trainers."""

    def build(self) -> None:
        sizes = {
            "steps": 10**6, "activation_dim": self.width, "dict_size": self.features,
            "layer": 0, "lm_name": "none", "lr": LEARNING_RATE, "device": str(self.device),
            "warmup_steps": 0,
        }  # fmt: skip
        w = self.weights
        if self.task["kind"] == "topk":
            from dictionary_learning.trainers.top_k import TopKTrainer

            self.trainer = TopKTrainer(k=self.k, **sizes)
            self.trainer.dead_feature_threshold = DEAD_AFTER
            middle = self.trainer.ae.b_dec
        else:
            from dictionary_learning.trainers.standard import StandardTrainer

            coefficient = self.task["coefficient"]
            self.trainer = StandardTrainer(
                l1_penalty=coefficient, sparsity_warmup_steps=None, **sizes
            )
            middle = self.trainer.ae.bias
        autoencoder = self.trainer.ae
        with torch.no_grad():
            autoencoder.encoder.weight.copy_(w["W_enc"].t())
            autoencoder.encoder.bias.copy_(w["b_enc"])
            autoencoder.decoder.weight.copy_(w["W_dec"].t())
            middle.copy_(w["b_dec"])

    def train(self, x: Tensor) -> Tensor | float | None:
        # Its TopK returns the loss, its L1 does not. Step 0 would move b_dec to a median.
        first = self.task["kind"] == "l1" and self.done == 0
        loss = self.trainer.loss(x, step=1).detach() if first else None
        found = self.trainer.update(self.done + 1, x)
        return loss if first else found


class Sparsify(Contender):
    """eai-sparsify: what its `Trainer.fit` does for one dictionary, with Adam, on given vectors.

    Its loop is tied to a language model, so the lines of the loop that belong to the dictionary
    are repeated here.
    """

    def build(self) -> None:
        from sparsify import SparseCoder, SparseCoderConfig

        config = SparseCoderConfig(num_latents=self.features, k=self.k)
        self.sae = SparseCoder(self.width, config, device=self.device)
        with torch.no_grad():
            self.sae.encoder.weight.copy_(self.weights["W_enc"].t())
            self.sae.encoder.bias.copy_(self.weights["b_enc"])
            self.sae.W_dec.copy_(self.weights["W_dec"])
            self.sae.b_dec.copy_(self.weights["b_dec"])
        self.adam = torch.optim.Adam(self.sae.parameters(), lr=LEARNING_RATE)
        self.silent_for = torch.zeros(self.features, dtype=torch.long, device=self.device)

    def train(self, x: Tensor) -> Tensor:
        self.sae.set_decoder_norm_to_unit_norm()
        out = self.sae(x, dead_mask=self.silent_for > DEAD_AFTER)
        fired = torch.zeros_like(self.silent_for, dtype=torch.bool)
        fired[out.latent_indices.flatten()] = True
        (out.fvu + out.auxk_loss / 32).backward()
        self.sae.remove_gradient_parallel_to_decoder_directions()
        self.adam.step()
        self.adam.zero_grad()
        self.silent_for += len(x)
        self.silent_for[fired] = 0
        if self.done:
            return out.fvu.detach()
        # Its loss is a share of the batch's variance.
        variance = (x - x.mean(0)).square().sum()
        return out.fvu.detach() * variance / len(x)


PEERS = {
    "sae-lens": (SAELens, "fp32"),
    "sae-lens-sparse": (SAELensSparse, "fp32"),
    "dictionary-learning": (DictionaryLearning, "fp32"),
    "eai-sparsify": (Sparsify, "fp32"),
}
