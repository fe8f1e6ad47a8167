"""Chapter 5, starting from the data: what only this chapter uses."""
