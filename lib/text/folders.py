"""Documents from a reader's own files: .txt, .jsonl and .parquet, also gzipped."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lib.core.errors import UserError

SUFFIXES = (".txt", ".jsonl", ".parquet")
# The column that holds the text, where a table has several; the first that exists is taken.
TEXT_COLUMNS = ("text", "content", "story", "document")
END_OF_DOCUMENT = "<|endoftext|>"
# A book in one file is cut at blank lines, so that parts of it can be held out.
LONGEST_TEXT = 10_000


def source_files(path: Path) -> list[Path]:
    """The files that a folder, or one file, stands for, sorted; hidden ones are left out.

    Raises:
        UserError: nothing readable is there.
    """
    wanted = ", ".join(SUFFIXES) + " (also .gz)"
    try:
        if path.is_file():
            if kind(path) not in SUFFIXES:
                raise UserError(f"{path} is not a text source: expected {wanted}.")
            return [path]
        if not path.is_dir():
            raise UserError(f"there is no folder or file {path}; give one with {wanted} files.")
        files = sorted(
            file
            for file in path.rglob("*")
            if kind(file) in SUFFIXES
            and file.is_file()
            and not any(part.startswith(".") for part in file.relative_to(path).parts)
        )
        next(iter(path.iterdir()), None)  # rglob passes over a folder that it may not read
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}); check its rights.") from error
    if not files:
        raise UserError(f"the folder {path} holds no text: expected {wanted} files in it.")
    return files


def kind(path: Path) -> str:
    """The suffix that tells the format, without `.gz`."""
    name = path.name.lower().removesuffix(".gz")
    return Path(name).suffix


def contents_fingerprint(files: Iterable[Path]) -> str:
    """SHA-256 over the contents of files; their names and their order do not matter."""
    digests = []
    for file in files:
        with _readable(file), open(file, "rb") as stream:
            digests.append(hashlib.file_digest(stream, "sha256").digest())
    return hashlib.sha256(b"".join(sorted(digests))).hexdigest()[:16]


def read_documents(files: Iterable[Path]) -> Iterator[str]:
    """All documents of some files, one after the other; empty ones are left out.

    A line of .jsonl and a row of .parquet is a document; so is a .txt file, or what stands between
    two `<|endoftext|>` in it, cut at blank lines where it is longer than 10,000 characters.

    Raises:
        UserError: a damaged file, text that is not UTF-8, no column with text.
    """
    readers = {".txt": _read_txt, ".jsonl": _read_jsonl, ".parquet": _read_parquet}
    for file in files:
        with _readable(file):
            for document in readers[kind(file)](file):
                if document := document.strip():
                    yield document


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    """Turns what a damaged or forbidden file raises into one sentence."""
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UserError(
            f"{file} is not a whole gzip file ({error}); copy or download it again."
        ) from error
    except OSError as error:
        raise UserError(f"{file} cannot be read ({error.strerror}); check its rights.") from error


def _open(file: Path) -> io.BufferedIOBase:
    return gzip.open(file, "rb") if file.name.lower().endswith(".gz") else open(file, "rb")


def _lines(file: Path) -> Iterator[str]:
    """Lines of UTF-8 text with `\\n` at their ends, whatever the system that wrote them."""
    position = 0
    with _open(file) as stream:
        for line in stream:
            try:
                text = line.decode("utf-8-sig" if position == 0 else "utf-8")
            except UnicodeDecodeError as error:
                raise UserError(
                    f"{file} is not UTF-8 text: byte {line[error.start]:#04x} at offset "
                    f"{position + error.start:,}; convert the file to UTF-8."
                ) from None
            position += len(line)
            yield text.replace("\r\n", "\n")


def _read_txt(file: Path) -> Iterator[str]:
    document: list[str] = []
    for line in _lines(file):
        first, *others = line.split(END_OF_DOCUMENT)
        document.append(first)
        for part in others:
            yield from _cut("".join(document))
            document = [part]
    yield from _cut("".join(document))


def _cut(text: str) -> Iterator[str]:
    while len(text) > LONGEST_TEXT:
        cut = LONGEST_TEXT
        for separator in ("\n\n", "\n", " "):
            if (found := text.rfind(separator, LONGEST_TEXT // 2, LONGEST_TEXT)) > 0:
                cut = found
                break
        yield text[:cut]
        text = text[cut:]
    yield text


def _read_jsonl(file: Path) -> Iterator[str]:
    column = None
    for number, line in enumerate(_lines(file), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UserError(
                f"line {number:,} of {file} is not JSON ({error}); each line must be one object "
                'such as {"text": "..."}.'
            ) from None
        if not isinstance(row, dict):
            raise UserError(
                f"line {number:,} of {file} is no JSON object; each line must be one such as "
                '{"text": "..."}.'
            )
        if column is None or column not in row:
            column = _text_column(file, row)
        if (value := row[column]) is not None:
            yield _as_text(file, value, column)


def _read_parquet(file: Path) -> Iterator[str]:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    try:
        with _open(file) as stream:
            # A gzipped table has to be unpacked first: its index stands at the end.
            whole = io.BytesIO(stream.read()) if file.name.lower().endswith(".gz") else file
        table = parquet.ParquetFile(whole)
        column = _text_column(file, table.schema_arrow.names)
        for batch in table.iter_batches(batch_size=4096, columns=[column]):
            for value in batch.column(0).to_pylist():
                if value is not None:
                    yield _as_text(file, value, column)
    except (pa.ArrowException, UnicodeDecodeError) as error:
        detail = re.sub(r"\s+", " ", str(error))[:120]
        raise UserError(
            f"{file} is not a whole parquet file ({detail}); copy or download it again."
        ) from error


def _text_column(file: Path, names: Iterable[str]) -> str:
    names = list(names)
    for name in TEXT_COLUMNS:
        if name in names:
            return name
    if len(names) == 1:
        return names[0]
    raise UserError(
        f"{file} has no column named text (it has {', '.join(map(repr, names)) or 'none'}); name "
        "the column with the documents 'text'."
    )


def _as_text(file: Path, value: object, column: str) -> str:
    if not isinstance(value, str):
        raise UserError(
            f"column {column!r} of {file} should hold text, but holds {type(value).__name__} "
            f"({str(value)[:40]!r}); give text."
        )
    # Half a character, as a JSON escape can make it, has no UTF-8 form.
    return value.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")
