"""Shared basics: one-sentence errors, devices, safe checkpoints, progress."""
