"""Chapter 5, starting from the data: its settings, analysis and plots."""
