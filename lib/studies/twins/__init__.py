"""Chapter 2, two dictionaries, two modes: what only this chapter uses."""
