"""Running chapters: what to run, where, and what came of it."""
