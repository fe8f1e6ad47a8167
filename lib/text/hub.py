"""Documents from a dataset on the Hugging Face hub, at a pinned revision."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.core.paths import cache_folder
from lib.core.progress import announce
from lib.text.folders import read_documents


@dataclass(frozen=True)
class HubText:
    """Where a chapter's text stands on the hub."""

    repository: str
    """`owner/name` of a dataset."""
    revision: str
    """The commit, so that the text never changes."""
    split: str = "train"
    column: str = "text"
    """The column that holds the documents."""
    files: tuple[str, ...] | None = None
    """Paths inside the repository; None for all files of the split."""

    @property
    def fingerprint(self) -> str:
        """Names the text without reading it."""
        identity = json.dumps(asdict(self), sort_keys=True)
        digest = hashlib.sha256(identity.encode()).hexdigest()[:16]
        return f"{self.repository.replace('/', '--')}@{self.revision[:8]}-{digest}"


def hub_documents(text: HubText, characters: int) -> list[str]:
    """The dataset's first documents that hold `characters` characters together.

    They are streamed, so that no more is fetched than needed, and kept in the
    project's `.cache`: later runs need no network, also for fewer characters. Nothing of the
    repository is executed, and `HF_HUB_OFFLINE=1` is honoured.

    Raises:
        UserError: the text is neither reachable nor kept, or has no such column.
    """
    folder = _cache_folder(text)
    if (kept := _kept(folder, characters)) is not None:
        return list(_first(read_documents([kept]), characters))
    announce(f"fetching {characters:,} characters of {text.repository} from the hub")
    documents = list(_first(_stream(text), characters))
    _keep(folder / f"{characters}.parquet", documents)
    return documents


def _first(documents: Iterator[str], characters: int) -> Iterator[str]:
    total = 0
    while total < characters and (document := next(documents, None)) is not None:
        total += len(document)
        yield document


def _stream(text: HubText) -> Iterator[str]:
    # Imported here: it takes a second, which runs without the hub should not wait for.
    import datasets

    try:
        rows = datasets.load_dataset(
            text.repository,
            revision=text.revision,
            split=text.split,
            data_files=list(text.files) if text.files else None,
            streaming=True,
        )
        for row in rows:
            if text.column not in row:
                raise UserError(
                    f"{text.repository} on the hub has no column {text.column!r}; it has "
                    f"{', '.join(map(repr, row))}."
                )
            if document := (row[text.column] or "").replace("\r\n", "\n").strip():
                yield document
    except UserError:
        raise
    except Exception as error:  # the hub's libraries raise their own, httpx's and OSError
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise UserError(
            f"the text {text.repository} (revision {text.revision[:8]}) is not kept in "
            f"{_cache_folder(text)} and could not be fetched from the hub ({reason}); connect "
            "to the network, unset HF_HUB_OFFLINE, or go on with source 'bundled'."
        ) from error


def _cache_folder(text: HubText) -> Path:
    return cache_folder() / "hub" / text.fingerprint


def _kept(folder: Path, characters: int) -> Path | None:
    """The smallest kept file that is large enough."""
    sizes = [int(file.stem) for file in folder.glob("*.parquet") if file.stem.isdigit()]
    fitting = [size for size in sizes if size >= characters]
    return folder / f"{min(fitting)}.parquet" if fitting else None


def _keep(path: Path, documents: list[str]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    buffer = io.BytesIO()
    parquet.write_table(pa.table({"text": pa.array(documents, pa.large_string())}), buffer)
    write_atomically(path, buffer.getvalue())
