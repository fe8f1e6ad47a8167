"""Chapter 3, the neuron 703 census: its settings, analysis and plots."""
