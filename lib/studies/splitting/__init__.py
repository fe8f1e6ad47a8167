"""Chapter 4, splitting a hyphen: what only this chapter uses."""
