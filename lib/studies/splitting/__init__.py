"""Chapter 4, splitting a hyphen: its settings, analysis and plots."""
