"""What `source` stands for, and the documents that it gives: a training and a validation part."""

from __future__ import annotations

import difflib
import hashlib
import heapq
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from lib.core.errors import UserError
from lib.core.identity import content_key
from lib.text.folders import contents_fingerprint, read_documents, source_files
from lib.text.hub import HubText, hub_documents

__all__ = [
    "Corpus",
    "HubText",
    "Source",
    "load_corpus",
    "resolve_source",
    "split_documents",
]

BUNDLED = ("storyworld", "manuals")
SOURCES = ("bundled", "hub", *BUNDLED)


@dataclass(frozen=True)
class Source:
    """A source of text, named before any of it is read."""

    label: str
    """`storyworld`, `manuals`, `hub` or a folder's name, safe as part of a folder name."""
    real: bool
    """Whether people wrote it; false for storyworld."""
    bundled: bool
    """Whether it comes with the book."""
    fingerprint: str
    """Two sources with the same fingerprint give the same documents."""


class Corpus(NamedTuple):
    """Documents, parted so that no text of the validation part is in the training part."""

    train: list[str]
    validation: list[str]
    source: Source

    @property
    def key(self) -> str:
        """Names these very documents and their sides."""
        return content_key(self.train, self.validation)


def resolve_source(
    source: str | None, *, bundled: str, hub: HubText, characters: int, seed: int = 0
) -> Source:
    """Names the text that `source` stands for; reads a folder's bytes, but no documents.

    Args:
        source: None or `bundled` for the `bundled` corpus; `hub`; `storyworld` or `manuals`; else
            a folder or a file of .txt, .jsonl or .parquet, also .gz.
        bundled: the chapter's bundled corpus, `storyworld` or `manuals`.
        hub: the chapter's text on the hub.
        characters: how much will be read.
        seed: of storyworld, and of the choice where a folder holds more than `characters`.

    Raises:
        UserError: no such source; near names are given.
    """
    name = _name(source, bundled)
    extent = f"{characters}-seed{seed}"
    if name == "storyworld":
        from lib.text.storyworld import fingerprint

        return Source(name, False, True, f"{fingerprint()}-{extent}")
    if name == "manuals":
        from lib.text import manuals

        return Source(name, True, True, f"{manuals.fingerprint()}-{characters}")
    if name == "hub":
        return Source(name, True, False, f"{hub.fingerprint}-{characters}")
    path = _path(name)
    contents = contents_fingerprint(source_files(path))
    return Source(_label(path), True, False, f"{contents}-{extent}")


def load_corpus(
    source: str | None,
    *,
    bundled: str,
    hub: HubText,
    characters: int,
    validation_share: float = 0.05,
    seed: int = 0,
    minimum_characters: int = 0,
) -> Corpus:
    """Reads about `characters` characters of the text that `source` stands for, and parts it.

    Storyworld begins at the seed's first story, manuals and the hub with their first documents.
    Of a folder that holds more than `characters`, a random choice of documents is taken, which
    depends on the seed and on the documents, not on the order or the names of the files.

    Args:
        source, bundled, hub, seed: as for `resolve_source`.
        characters: how much to read; less comes where there is less.
        validation_share: of the documents, between 0 and 1.
        minimum_characters: fewer are an error.

    Raises:
        UserError: no such source, a damaged file, no network, too little text.

    Example:
        >>> from lib.text.hub import HubText
        >>> hub = HubText("owner/name", "0" * 40)
        >>> corpus = load_corpus("bundled", bundled="storyworld", hub=hub, characters=20_000)
        >>> corpus.source.label, sum(map(len, corpus.train)) > 15_000
        ('storyworld', True)
    """
    if characters < 1:
        raise UserError(f"a corpus needs at least 1 character; got {characters}.")
    resolved = resolve_source(source, bundled=bundled, hub=hub, characters=characters, seed=seed)
    documents = _documents(_name(source, bundled), hub, characters, seed)
    found = sum(map(len, documents))
    if found < minimum_characters:
        raise UserError(
            f"the text {resolved.label} has {found:,} characters, but this run needs at least "
            f"{minimum_characters:,}; give more text or smaller sizes."
        )
    train, validation = split_documents(documents, validation_share, seed)
    return Corpus(train, validation, resolved)


def split_documents(
    documents: Iterable[str], validation_share: float, seed: int
) -> tuple[list[str], list[str]]:
    """Training and validation documents, in their order, each text once.

    Which side a document goes to depends on the seed and on the set of documents, not on their
    order. Both sides get at least one document, unless the share is 0.

    Raises:
        UserError: fewer than two different documents to share out.
    """
    unique = list(dict.fromkeys(text for d in documents if (text := d.strip())))
    if not validation_share:
        return unique, []
    if len(unique) < 2:
        raise UserError(
            f"a training and a validation part need at least 2 different documents; got "
            f"{len(unique)}: give more text."
        )
    count = min(max(1, round(validation_share * len(unique))), len(unique) - 1)
    held_out = set(heapq.nsmallest(count, unique, key=lambda text: _digest(text, f"split{seed}")))
    train = [text for text in unique if text not in held_out]
    return train, [text for text in unique if text in held_out]


def _name(source: str | None, bundled: str) -> str:
    return bundled if source in (None, "", "bundled") else source


def _documents(name: str, hub: HubText, characters: int, seed: int) -> list[str]:
    if name == "storyworld":
        from lib.text import storyworld

        return storyworld.generate(seed, characters)
    if name == "manuals":
        from lib.text import manuals

        return manuals.documents(characters)
    if name == "hub":
        return hub_documents(hub, characters)
    return _choose(read_documents(source_files(_path(name))), characters, seed)


def _choose(documents: Iterator[str], characters: int, seed: int) -> list[str]:
    """The documents with the smallest digests that hold `characters` characters together, each
    text once, in the order of their digests; only these are ever in memory.

    A digest is as good as a random number, and the same wherever the document stands.
    """
    heap: list[tuple[int, str]] = []  # the largest digest on top, as the smallest negative number
    kept: set[int] = set()
    total = 0
    for document in documents:
        digest = int.from_bytes(_digest(document, f"choice{seed}"))
        if digest in kept or (total >= characters and digest > -heap[0][0]):
            continue
        heapq.heappush(heap, (-digest, document))
        kept.add(digest)
        total += len(document)
        while total - len(heap[0][1]) >= characters:
            largest, dropped = heapq.heappop(heap)
            kept.remove(-largest)
            total -= len(dropped)
    return [document for _, document in sorted(heap, reverse=True)]


def _digest(text: str, key: str) -> bytes:
    return hashlib.blake2b(text.encode(), key=key.encode(), digest_size=8).digest()


def _path(name: str) -> Path:
    """The folder or file that a source names.

    Raises:
        UserError: there is none.
    """
    path = Path(name).expanduser()
    if path.exists():
        return path
    near = difflib.get_close_matches(name.lower(), SOURCES, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]!r}?" if near else f"give {', '.join(SOURCES[:2])} or a folder."
    raise UserError(f"no such source: {name!r} is neither a known name nor a folder; {hint}")


def _label(path: Path) -> str:
    name = path.resolve().name
    if path.is_file():
        name = name.split(".")[0]
    label = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-").lower() or "folder"
    return f"folder-{label}" if label in SOURCES else label
