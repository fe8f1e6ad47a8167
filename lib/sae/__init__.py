"""Sparse autoencoders: `autoencoders` (TopK, L1), `training` (fit), `metrics`, `interchange`."""
