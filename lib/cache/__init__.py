"""What costs time and is made once: models, activations, dictionaries."""
