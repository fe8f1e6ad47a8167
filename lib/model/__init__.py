"""Language models: one decoder-only transformer, its training and sampling."""
