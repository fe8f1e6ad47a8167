"""Documents: the bundled corpora, corpora from a folder or the hub, tokenizers."""
