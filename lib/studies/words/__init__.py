"""Chapter 1, words from letters: what only this chapter uses."""
