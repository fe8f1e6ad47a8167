"""Feature cards of a small made-up dictionary, with markup where markup must not act."""

from __future__ import annotations

import numpy as np

from lib.display.feature_cards import Card
from lib.display.highlighted_text import coloured_text

WORDS = ("little", "<b>bold</b>", "dog", "Mr.", "the", "half-open")


def sample_cards(count: int = 12) -> list[Card]:
    """Feature i likes word i; feature 1 likes markup."""
    return [sample_card(feature) for feature in range(count)]


def sample_card(feature: int) -> Card:
    """One card."""
    word = WORDS[feature % len(WORDS)]
    text = f"once upon a time {word} and so on".encode()
    activation = np.zeros(len(text))
    start = text.index(word.encode())
    activation[start : start + len(word)] = np.linspace(1, 5, len(word))
    return Card(
        feature,
        f"“{word}”" if feature % 2 == 0 else "",
        {"on": f"{feature / 100:.2%} of tokens"},
        [(5.0 - i / 7, coloured_text(text, activation)) for i in range(6)],
        [(f" {word}", 2.5), ("\n", 1.0)],
        [(" <script>alert(1)</script>", -1.25)],
        [(7, 0.9, 0.81), (2, -0.3, 0.09)],
        [(2.5, coloured_text(b"a weaker place", np.ones(14)))],
        [3, 0, 1],
    )


def sample_numbers(count: int = 12) -> dict[str, list[float]]:
    """Density rises with the number; hub power is known of even features only."""
    return {
        "density": [(i + 1) / 1000 for i in range(count)],
        "hub power": [float("nan") if i % 2 else 1 - i / 100 for i in range(count)],
    }


def sample_directions(count: int = 12) -> np.ndarray:
    """[F, D]: features 1 and 3 are near each other."""
    rows = np.eye(count)
    rows[3] = rows[1] + 0.1 * rows[3]
    return rows
