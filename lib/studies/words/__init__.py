"""Chapter 1, words from letters: its settings, analysis and plots."""
