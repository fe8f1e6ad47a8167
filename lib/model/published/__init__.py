"""Language models that others trained: a table of them, and how their files are read."""
