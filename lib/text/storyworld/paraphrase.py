"""Phrases that may be put otherwise anywhere: every rule's text gets its alternatives from here."""

from __future__ import annotations

import re
from functools import cache

from lib.text.storyworld.data import paraphrases


@cache
def _pattern() -> tuple[re.Pattern, dict[str, str]]:
    table = paraphrases()
    longest_first = sorted(table, key=len, reverse=True)
    # Not inside a slot, not part of a longer word or of a compound.
    body = "|".join(re.escape(phrase) for phrase in longest_first)
    return re.compile(rf"(?<![\w{{.'-])(?:{body})(?![\w}}'-])"), table


# Pattern and what takes its place. Optional words make the text less of a mould.
_WHO = r"\{(?:[HhFfKkOo]|[fko]\.he|he|He)\}"
_VERB = (
    r"(?=(?:(?!need|want|lik|lov|nam|liv|look|seem|notic|learn|remember|believ|wish|hop)"
    r"[a-z]{2,}ed(?! in\b)|took|gave|ran|put|got|went|came|sat|drew|dug|ate"
    r"|sang|threw|hid|stood|cut)\b"
    r"|\{[a-z]+\.d\})"
)
_EARLY = "[" + "|" * 16 + "quickly |slowly |quietly |{manner.ly} |{manner.ly} |{manner.ly} ]"
SHAPES: tuple[tuple[str, str], ...] = (
    (rf"(?<![\w\]}}] )({_WHO}) {_VERB}", rf"\1 {_EARLY}"),
    (r"\b(said|knew|thought|hoped|saw|wished|remembered) that (?=\{he\}|it\b)", r"\1 [that |]"),
    (r"(?<=\}) that \{he\} (?=could|had|began|did|wanted)", r" [that |]{he} "),
    (r"\blooked (?=(?:in|under|behind|up|down|out|into|over)\b)", "[looked|looked|peeked|peered] "),
    (
        r"\bran (?=(?:to|out|after|away|off|back|past|down|up)\b)",
        "[ran|ran|ran|raced|rushed|hurried] ",
    ),
    (r"\bwent to the (?=[\[{]|[a-z]+ |[a-z]+\.)", "[went|went|walked|headed|went over] to the "),
    (r"\b(loved|liked) to\b(?! see| have)", "[loved|liked|loved|liked|really liked] to"),
    (r"\bsaw (?=(?:an?|the|some|something|\{)\b)", "[saw|saw|saw|noticed|spotted] "),
    (r"\bput (?=(?:it|them|the|some|\{np_thing\}|\{number\})\b)", "[put|put|set|placed] "),
    (r"\bgave \{(him|k\.him|h|f|k)\} (?=(?:the|some)\b)", r"[gave|gave|handed] {\1} "),
    (r"\btried again\b", "[tried again|tried again|had another try]"),
    (r", but (?=\{he\}|it\b|they\b|nobody\b|no one\b)", ", [but|but|but|yet] "),
    (r", so\b(?! (?:that|do|[a-z]+ly)\b)", ", [so|so|so|and so]"),
    (r"\. But (?=[a-z{\[])", ". [But|But|But|Still,|And yet] "),
    (r"\bcame back\b", "[came back|came back|returned]"),
    (r"\bcame in\b", "[came in|came in|walked in]"),
    (r"\bgood (?=(?:day|friend|idea|time|thing)\b)", "[good|good|good|fine|great|nice] "),
    (r"(?<=a )little (?=\{)", "[little|little|little|small|tiny|] "),
    (r"\bnothing happened\b", "[nothing happened|nothing happened|there was nothing]"),
    (r"\bwith big eyes\b", "[with big eyes|with wide eyes|wide-eyed|with round eyes]"),
    (r"\bnever seen\b", "[never|never|never before|not] seen"),
)


@cache
def _shapes() -> tuple[tuple[re.Pattern, str], ...]:
    return tuple((re.compile(pattern), ways) for pattern, ways in SHAPES)


def vary(text: str) -> str:
    """Rule text with the phrases of the table and the shapes replaced by their alternatives."""
    for shape, ways in _shapes():
        text = shape.sub(ways, text)
    pattern, table = _pattern()

    def replace(found: re.Match) -> str:
        ways = table[found[0]]
        # "What it is." and "Yes, I am." are not shortened.
        if "'" in ways and text[found.end() : found.end() + 1] != " ":
            return found[0]
        return ways

    return pattern.sub(replace, text)
