"""Activations, read from a model (`harvest`) or drawn from a known truth (`toy_data`)."""
