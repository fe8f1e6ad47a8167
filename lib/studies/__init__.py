"""One folder a study: the settings, analysis and figures that only its chapter uses."""
