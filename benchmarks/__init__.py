"""Timing beside the peers, in one run: `python -m lib bench`."""
