"""What every room needs: one-sentence errors, devices, safe checkpoints, progress."""
