"""Sparse dictionaries: what they compute, what they are trained on, how, and how well they do."""
