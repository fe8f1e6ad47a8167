"""Chapter 2, two dictionaries, two modes: its settings, analysis and plots."""
