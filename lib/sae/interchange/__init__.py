"""Dictionaries of others, read by their own config, and ours in SAELens's layout.

Nothing in a file is executed: weights come as safetensors, or as a pickle of which torch's
restricted reader accepts tensors and plain containers only. What a config asks for and cannot be
done here exactly is refused, so that no dictionary is read as another one. Versions that the
readers are held against: sae-lens 6.54.0, dictionary-learning 0.1.0, eai-sparsify 1.3.3.
"""

from lib.sae.interchange.loaded import Loaded
from lib.sae.interchange.reading import load_dictionary, read_dictionary
from lib.sae.interchange.saelens import save_saelens

__all__ = ["Loaded", "load_dictionary", "read_dictionary", "save_saelens"]
