"""Dictionaries of other libraries, written by themselves; runs in the interpreter of the peers.

    python benchmarks/peer_dictionaries.py write FOLDER
    python benchmarks/peer_dictionaries.py back FOLDER

`write` makes a folder for each kind that a library writes, of 16 dimensions and 64 latents with
random weights, and `expected.safetensors` with what the library itself makes of some vectors when
it has read its file again. `back` lets SAELens read the folders that this book wrote.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

D, F, K, ROWS = 16, 64, 4, 5
Encode = Callable[[torch.Tensor], torch.Tensor]


def vectors() -> torch.Tensor:
    return torch.randn(ROWS, D, generator=torch.Generator().manual_seed(2)) + 0.5


def shake(module: torch.nn.Module, seed: int) -> None:
    """Random biases, and an encoder that is not the decoder turned: so that each of them counts."""
    g = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if name == "threshold":
                parameter.copy_(0.4 + 0.3 * torch.rand(parameter.shape, generator=g))
            else:
                scale = 0.3 if parameter.dim() == 1 else 0.1
                parameter.add_(scale * torch.randn(parameter.shape, generator=g))


def saelens(folder: Path) -> dict[str, tuple[Encode, Encode]]:
    import sae_lens as sl

    size = {"d_in": D, "d_sae": F}
    metadata = sl.saes.sae.SAEMetadata(
        model_name="a-model", hook_name="blocks.0.hook_mlp_out", prepend_bos=True
    )

    def written(name: str, kind: type, config: type, *, threshold=None, **settings) -> None:
        torch.manual_seed(0)  # the same weights for all, so that a copy of them is small
        sae = kind(config(**size, metadata=metadata, **settings))
        shake(sae, seed=1)
        if threshold is not None:
            sae.topk_threshold.fill_(threshold)
            sae.save_inference_model(folder / name)
        else:
            sae.save_model(folder / name)

    written("saelens-standard", sl.StandardSAE, sl.StandardSAEConfig)
    written("saelens-no-b-dec", sl.StandardSAE, sl.StandardSAEConfig, apply_b_dec_to_input=False)
    written("saelens-topk", sl.TopKSAE, sl.TopKSAEConfig, k=K)
    written("saelens-topk-training", sl.TopKTrainingSAE, sl.TopKTrainingSAEConfig, k=K)
    written("saelens-jumprelu", sl.JumpReLUSAE, sl.JumpReLUSAEConfig)
    batch = (sl.BatchTopKTrainingSAE, sl.BatchTopKTrainingSAEConfig)
    written("saelens-batchtopk", *batch, k=K, threshold=0.3)
    written("saelens-young-batchtopk", *batch, k=K, threshold=0.0)
    nested = (sl.MatryoshkaBatchTopKTrainingSAE, sl.MatryoshkaBatchTopKTrainingSAEConfig)
    written("saelens-matryoshka", *nested, k=K, threshold=0.3, matryoshka_widths=[16, F])
    return {
        path.name: ((sae := sl.SAE.load_from_disk(path)).encode, sae.decode)
        for path in sorted(folder.glob("saelens-*"))
    }


def ages(folder: Path) -> dict[str, tuple[Encode, Encode]]:
    """Configs as SAELens before 6.0 wrote them, beside weights of now."""
    import sae_lens as sl

    old = {
        "model_name": "a-model", "hook_name": "blocks.0.hook_mlp_out", "hook_layer": 0, "d_in": D,
        "d_sae": F, "dtype": "torch.float32", "device": "cpu", "prepend_bos": True,
        "context_size": 128, "dataset_path": "a/text", "apply_b_dec_to_input": True,
        "finetuning_scaling_factor": False, "normalize_activations": "none",
    }  # fmt: skip
    kinds = {
        "age-0-hook-point": {"hook_name": None, "hook_point": "blocks.0.hook_mlp_out",
                             "l1_coefficient": 0.001, "normalize_activations": False},
        "age-3-standard": {"activation_fn_str": "relu", "sae_lens_training_version": "3.9.0"},
        "age-4-topk-as-activation": {"architecture": "standard", "activation_fn_str": "topk",
                                     "activation_fn_kwargs": {"k": K}},
        "age-5-topk-as-activation": {"architecture": "standard", "activation_fn": "topk",
                                     "activation_fn_kwargs": {"k": K}, "hook_head_index": None},
        "age-5-topk": {"architecture": "topk", "activation_fn_kwargs": {"k": K},
                       "activation_fn": "topk"},
        "age-5-no-b-dec": {"architecture": "standard", "apply_b_dec_to_input": False},
        "age-5-scaling-of-ones": {"architecture": "standard"},
        "age-6-no-defaults": {"metadata": {"sae_lens_version": "6.0.0"}, "architecture": "topk",
                              "k": K, "apply_b_dec_to_input": None, "normalize_activations": None},
        "age-none-but-new": {"metadata": {"model_name": "a-model"}, "architecture": "jumprelu"},
    }  # fmt: skip
    found = {}
    for name, changes in kinds.items():
        jump = changes.get("architecture") == "jumprelu"
        weights = load_file(
            folder / f"saelens-{'jumprelu' if jump else 'standard'}/sae_weights.safetensors"
        )
        if "scaling" in name:
            weights["scaling_factor"] = torch.ones(F)
        (folder / name).mkdir()
        save_file(weights, folder / name / "sae_weights.safetensors")
        config = {key: value for key, value in (old | changes).items() if value is not None}
        (folder / name / "cfg.json").write_text(json.dumps(config))
        sae = sl.SAE.load_from_disk(folder / name)
        found[name] = (sae.encode, sae.decode)
    return found


def learned(folder: Path) -> dict[str, tuple[Encode, Encode]]:
    from dictionary_learning.dictionary import AutoEncoder, JumpReluAutoEncoder
    from dictionary_learning.trainers.batch_top_k import BatchTopKSAE
    from dictionary_learning.trainers.matryoshka_batch_top_k import MatryoshkaBatchTopKSAE
    from dictionary_learning.trainers.top_k import AutoEncoderTopK
    from dictionary_learning.utils import load_dictionary

    kinds = {
        "learned-relu": AutoEncoder(D, F),
        "learned-topk": AutoEncoderTopK(D, F, K),
        "learned-batchtopk": BatchTopKSAE(D, F, K),
        "learned-young-batchtopk": BatchTopKSAE(D, F, K),
        "learned-matryoshka": MatryoshkaBatchTopKSAE(D, F, K, [16, F - 16]),
        "learned-jumprelu": JumpReluAutoEncoder(D, F),
    }
    found = {}
    for name, made in kinds.items():
        shake(made, seed=len(name))
        if name == "learned-relu":
            made.decoder.weight.data /= made.decoder.weight.data.norm(dim=0)
        if "young" not in name and hasattr(made, "k"):
            made.threshold.fill_(0.9)
        (folder / name).mkdir()
        torch.save(made.state_dict(), folder / name / "ae.pt")
        trainer = {
            "dict_class": type(made).__name__, "activation_dim": D, "dict_size": F, "layer": 0,
            "lm_name": "a-model", "submodule_name": "mlp_out",
        }  # fmt: skip
        trainer |= {"k": K} if hasattr(made, "k") else {}
        (folder / name / "config.json").write_text(json.dumps({"trainer": trainer, "buffer": {}}))
        again = load_dictionary(str(folder / name), "cpu")[0]
        found[name] = (again.encode, again.decode)
    return found


def sparsify(folder: Path) -> dict[str, tuple[Encode, Encode]]:
    from sparsify import SparseCoder, SparseCoderConfig

    made = SparseCoder(D, SparseCoderConfig(num_latents=F, k=K), device="cpu")
    shake(made, seed=9)
    made.save_to_disk(folder / "sparsify-topk")
    coder = SparseCoder.load_from_disk(folder / "sparsify-topk")

    def encode(x: torch.Tensor) -> torch.Tensor:
        found = coder.encode(x)
        return x.new_zeros(len(x), F).scatter_(1, found.top_indices, found.top_acts)

    def decode(codes: torch.Tensor) -> torch.Tensor:
        values, indices = codes.topk(K)
        return coder.decode(values, indices)

    return {"sparsify-topk": (encode, decode)}


@torch.no_grad()
def write(folder: Path) -> None:
    torch.manual_seed(0)
    x = vectors()
    expected = {"x": x}
    for made in (saelens, ages, learned, sparsify):
        for name, (encode, decode) in made(folder).items():
            codes = encode(x)
            expected |= {f"{name}.codes": codes, f"{name}.x_hat": decode(codes)}
    save_file({name: value.float().contiguous() for name, value in expected.items()},
              folder / "expected.safetensors")  # fmt: skip


@torch.no_grad()
def back(folder: Path) -> None:
    from sae_lens import SAE

    x, found = vectors(), {}
    for path in sorted(path for path in folder.iterdir() if path.is_dir()):
        sae = SAE.load_from_disk(path)
        codes = sae.encode(x)
        found |= {f"{path.name}.codes": codes, f"{path.name}.x_hat": sae.decode(codes)}
        sae.save_model(path / "again")
    save_file(found, folder / "expected.safetensors")


if __name__ == "__main__":
    {"write": write, "back": back}[sys.argv[1]](Path(sys.argv[2]))
