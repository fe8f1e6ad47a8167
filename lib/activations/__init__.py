"""Vectors read from inside a model, or drawn from a known truth: harvest, store, order."""
