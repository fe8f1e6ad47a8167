"""The language models that have a name: those of others, and the book's own that were kept."""

from __future__ import annotations

import json

from lib.model.published.kept import CARD, kept_models
from lib.model.published.shelf import shelf
from lib.pages import rendering


def models_page() -> str:
    """The page's body, from `shelf.yml` and the cards of kept models."""
    kept = kept_models()
    cards = {
        name: json.loads((folder / CARD).read_text(encoding="utf-8"))
        for name, folder in kept.items()
    }
    sizes = {
        name: sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        for name, folder in kept.items()
    }
    return rendering.render("models.md", shelf=shelf().values(), cards=cards, sizes=sizes)
