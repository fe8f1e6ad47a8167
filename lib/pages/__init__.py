"""From finished runs to HTML."""
