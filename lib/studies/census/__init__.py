"""Chapter 3, the neuron 703 census: what only this chapter uses."""
