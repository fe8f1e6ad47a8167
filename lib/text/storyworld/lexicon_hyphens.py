"""Hyphenated compounds by kind: the words and the truth for studies of what a hyphen stands for."""

from __future__ import annotations

HYPHENS = {
    "hy_count": """
three-legged two-story one-eyed four-leaf six-sided two-wheeled three-cornered four-legged
ten-foot five-pointed two-hour three-day ten-minute one-way two-way three-wheeled eight-legged
seven-layer four-poster one-man two-handed three-piece six-string five-minute twelve-hour
half-hour seven-day nine-hole three-room one-room two-door four-door three-mile ten-mile two-faced
four-footed six-foot five-gallon two-pound three-headed thousand-year hundred-acre
""",
    "hy_time": """
ten-minute two-hour five-minute three-day half-hour one-day three-mile ten-mile two-mile seven-day
two-week one-hour twenty-minute three-hour all-day week-long day-long hour-long
""",
    "hy_made": """
three-legged two-story six-sided four-cornered two-wheeled five-pointed three-piece seven-layer
two-handled four-wheeled three-cornered ten-foot six-string two-pound five-gallon three-part
one-handled twelve-sided two-foot
""",
    "hy_adverb": """
well-known well-worn well-loved never-ending ever-growing well-made newly-built much-loved
well-hidden long-awaited well-earned brightly-colored neatly-folded well-dressed freshly-painted
ever-smiling often-told slow-moving fast-moving hard-won
""",
    "hy_prefix": """
re-painted multi-colored half-eaten non-stick re-built ultra-soft super-fast self-made pre-heated
re-tied un-bent anti-slip semi-round re-opened
""",
    "hy_prefix_person": """
ex-pirate co-captain ex-sailor co-owner vice-mayor ex-wizard co-pilot ex-king
""",
    "hy_noun": """
merry-go-round jack-in-the-box hide-and-seek see-saw forget-me-not tug-of-war tip-toe
mother-in-law yo-yo walkie-talkie hot-dog-stand passer-by bric-a-brac will-o'-the-wisp
stick-in-the-mud pick-me-up know-it-all jack-o'-lantern hocus-pocus lily-of-the-valley
get-together break-in T-shirt X-ray U-turn father-in-law make-believe sing-along
""",
    "hy_digit": """
5-year-old 6-year-old 7-year-old 4-year-old 8-year-old 3-year-old 10-year-old 9-year-old
11-year-old
""",
    "hy_digit_thing": """
10-piece 100-piece 12-page 20-page 3-wheel 24-color 50-piece 2-liter 6-inch 8-inch 30-page
500-piece 4-inch 64-color 10-key 7-note
""",
    "hy_digit_time": """
10-minute 5-minute 20-minute 2-hour 30-minute 3-mile 15-minute 2-mile 6-mile 45-minute 5-mile
8-hour
""",
    "hy_adjective_person": """
red-haired kind-hearted blue-eyed soft-hearted bright-eyed good-natured curly-haired freckle-faced
quick-witted warm-hearted rosy-cheeked sharp-eyed left-handed fun-loving good-hearted light-footed
high-spirited absent-minded
""",
    "hy_adjective_animal": """
long-tailed sharp-nosed bushy-tailed kind-hearted short-tailed long-eared web-footed soft-furred
good-natured quick-footed silver-gray brown-eyed flat-footed wide-eyed sleepy-eyed
""",
}

_KINDS = {
    "count": ("hy_count", "hy_time", "hy_made"),
    "digit": ("hy_digit", "hy_digit_thing", "hy_digit_time"),
    "adverb": ("hy_adverb",),
    "prefix": ("hy_prefix", "hy_prefix_person"),
    "noun": ("hy_noun",),
    "adjective": ("hy_adjective_person", "hy_adjective_animal"),
}

HYPHENATED: dict[str, tuple[str, ...]] = {
    kind: tuple(dict.fromkeys(word for name in names for word in HYPHENS[name].split()))
    for kind, names in _KINDS.items()
}
"""Kind of compound to its words: count-unit ("three-legged"), digit ("5-year-old"), adverb
("well-known"), prefix ("re-painted"), noun ("merry-go-round"), adjective ("red-haired").

Not every hyphenated word of the corpus is listed here; those that are belong to one kind only.
"""
