"""Sparse autoencoders: dictionaries, their training, and the activations they are trained on."""
