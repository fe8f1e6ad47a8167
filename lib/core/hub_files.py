"""Where published files stand: a folder, or a repository on the Hugging Face hub at one revision.

Files from the hub go to the hub library's own cache (`HF_HOME`), which other programs share. Once
there, a commit's files are read without a network.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.core.paths import cache_folder
from lib.core.progress import announce

COMMIT = re.compile(r"[0-9a-f]{40}\Z")
REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+\Z")


@runtime_checkable
class Place(Protocol):
    """Somewhere that has files by name."""

    name: str
    """For sentences."""
    label: str
    """For records: names nothing of this machine."""
    revision: str | None
    """The commit of a repository; None for a folder."""

    def files(self) -> list[str]:
        """Paths of all files, relative to the place."""
        ...

    def find(self, names: Sequence[str]) -> Path | None:
        """The first of `names` that the place has, on this machine; None if it has none of them."""
        ...


@dataclass(frozen=True)
class LocalFolder:
    """A folder with the files of a repository, as a clone or a copy has them."""

    folder: Path
    revision: str | None = None

    @property
    def name(self) -> str:
        return str(self.folder)

    @property
    def label(self) -> str:
        return self.folder.resolve().name

    def files(self) -> list[str]:
        paths = (path for path in sorted(self.folder.rglob("*")) if path.is_file())
        return [path.relative_to(self.folder).as_posix() for path in paths]

    def find(self, names: Sequence[str]) -> Path | None:
        return next((self.folder / name for name in names if (self.folder / name).is_file()), None)


@dataclass(frozen=True)
class HubRepository:
    """A model repository on the hub, at one commit: make one with `hub_repository`.

    `HF_HUB_OFFLINE=1`, `HF_ENDPOINT` and `HF_HOME` mean what they mean to the hub's own library.
    """

    repository: str
    """`owner/name`."""
    revision: str
    """40 hexadecimal digits."""

    @property
    def name(self) -> str:
        return f"{self.repository} (revision {self.revision[:8]})"

    @property
    def label(self) -> str:
        return self.repository

    def files(self) -> list[str]:
        """Raises UserError where the hub cannot be reached and nothing is kept."""
        return sorted(self._sizes())

    def find(self, names: Sequence[str]) -> Path | None:
        """As `Place.find`; what is fetched is announced with its size beforehand.

        Raises:
            UserError: the hub cannot be reached and none of the files is kept, or a download broke.
        """
        import huggingface_hub as hub

        for name in names:
            kept = hub.try_to_load_from_cache(self.repository, name, revision=self.revision)
            if isinstance(kept, str):
                return Path(kept)
        sizes = self._sizes(wanted=names[0])
        name = next((name for name in names if name in sizes), None)
        return None if name is None else self._fetch(name, sizes[name])

    def _fetch(self, name: str, size: int | None) -> Path:
        import huggingface_hub as hub

        amount = "" if size is None else f" ({_readable(size)})"
        announce(f"fetching {name}{amount} of {self.name} from the hub")
        hub.utils.disable_progress_bars()
        try:
            return Path(hub.hf_hub_download(self.repository, name, revision=self.revision))
        except Exception as error:  # the library's own, its HTTP client's, and OSError
            raise self._unreachable(name, error) from error

    def _sizes(self, wanted: str = "the list of files") -> dict[str, int | None]:
        """The bytes of every file in the repository, or of the kept ones without a network."""
        import huggingface_hub as hub

        try:
            info = hub.HfApi().model_info(
                self.repository, revision=self.revision, files_metadata=True
            )
        except Exception as error:
            if kept := self._kept():
                return kept
            raise self._unreachable(wanted, error) from error
        return {file.rfilename: file.size for file in info.siblings or []}

    def _kept(self) -> dict[str, int | None]:
        import huggingface_hub as hub

        owner_and_name = self.repository.replace("/", "--")
        cache = Path(hub.constants.HF_HUB_CACHE)
        snapshot = LocalFolder(cache / f"models--{owner_and_name}" / "snapshots" / self.revision)
        return dict.fromkeys(snapshot.files())

    def _unreachable(self, name: str, error: Exception) -> UserError:
        return _unreachable(f"{name} of {self.name}", self.repository, error)


def hub_repository(repository: str, revision: str) -> HubRepository:
    """A repository at a commit; a branch or tag is looked up and the commit that it names is said.

    Raises:
        UserError: no `owner/name`; a branch that cannot be looked up and was not before.
    """
    if not REPOSITORY.match(repository):
        raise UserError(f"a repository on the hub is named owner/name; got {repository!r}.")
    if COMMIT.match(revision):
        return HubRepository(repository, revision)
    import huggingface_hub as hub

    note = cache_folder() / "hub" / f"{repository}@{revision}.commit".replace("/", "--")
    try:
        commit = hub.HfApi().model_info(repository, revision=revision).sha
        write_atomically(note, str(commit))
    except Exception as error:
        if not note.exists():
            place = f"revision {revision!r} of {repository}"
            raise _unreachable(place, repository, error) from error
        commit = note.read_text(encoding="utf-8")
    announce(f"{repository}: {revision} is commit {commit}; give @{commit} to stay with it")
    return HubRepository(repository, str(commit))


def demand(place: Place, names: Sequence[str], instead_of: str = "") -> Path:
    """The first of `names` that the place has; `instead_of` was looked for before.

    Raises:
        UserError: it has none of them.
    """
    path = place.find(names)
    if path is None:
        sought = " or ".join([instead_of, *names] if instead_of else names)
        raise UserError(
            f"{place.name} has no {sought}; give a repository, or a folder with all files of one."
        )
    return path


def _unreachable(what: str, repository: str, error: Exception) -> UserError:
    import huggingface_hub as hub

    reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
    missing = {
        hub.errors.RepositoryNotFoundError: "the hub has no such repository, or keeps it private",
        hub.errors.RevisionNotFoundError: "the repository has no such revision",
    }
    for kind, said in missing.items():
        if isinstance(error, kind):
            return UserError(f"{what} was not found: {said}; correct the name or the revision.")
    return UserError(
        f"{what} is not kept in {hub.constants.HF_HUB_CACHE} and could not be fetched from the hub "
        f"({reason}); connect to the network, unset HF_HUB_OFFLINE, or give a folder with the "
        f"files of {repository}."
    )


def _readable(size: int) -> str:
    """`1.3 GB`, `270 MB`, `2 kB`."""
    for unit, bytes_of_it in (("GB", 10**9), ("MB", 10**6)):
        if size >= bytes_of_it:
            return f"{size / bytes_of_it:.1f} {unit}"
    return f"{max(1, size // 1000)} kB"
