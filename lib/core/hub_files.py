"""Published files: in a repository on the Hugging Face hub at one commit, or in a copy's folder.

Files from the hub go to the hub library's own cache (`HF_HOME`), which other programs share. Once
there, a commit's files are read without a network. `HF_HUB_OFFLINE`, `HF_ENDPOINT` and `HF_HOME`
mean what they mean to that library.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lib.core.errors import UserError
from lib.core.progress import announce
from lib.core.weights import INDEX, shards_of

COMMIT = re.compile(r"[0-9a-f]{40}\Z")
ABBREVIATED = re.compile(r"[0-9a-f]{7,39}\Z")
REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+\Z")


@dataclass(frozen=True)
class Repository:
    """Files that were published together: make one with `local_repository` or `hub_repository`."""

    folder: Path
    """Where they are on this machine; files from the hub arrive there when they are asked for."""
    label: str
    """For records, names nothing of this machine: `owner/name`, or the folder's own name."""
    revision: str | None = None
    """The commit on the hub; None for a folder, into which nothing is fetched."""

    @property
    def name(self) -> str:
        """For sentences."""
        return f"{self.label} (revision {self.revision[:8]})" if self.revision else str(self.folder)

    def files(self) -> list[str]:
        """Paths of all files, relative to the repository; without a network those that are kept.

        Raises:
            UserError: the hub cannot be reached and nothing is kept.
        """
        if self.revision:
            import huggingface_hub as hub

            try:
                return sorted(hub.HfApi().list_repo_files(self.label, revision=self.revision))
            except Exception as error:  # the library's own, its HTTP client's, and OSError
                if not self.folder.is_dir():
                    raise _not_fetched("the list of files", self, error) from error
        return self.kept_files()

    def kept_files(self) -> list[str]:
        """Paths of the files that are on this machine, relative to the repository."""
        paths = (path for path in sorted(self.folder.rglob("*")) if path.is_file())
        return [path.relative_to(self.folder).as_posix() for path in paths]

    def first_of(self, names: Sequence[str]) -> Path | None:
        """The first of `names` that there is, on this machine; None if there is none of them.

        What is fetched is announced with its size beforehand.

        Raises:
            UserError: the hub cannot be reached and none of the files is kept, or a download broke.
        """
        paths = [self.folder / name for name in names]
        if kept := next((path for path in paths if path.is_file()), None):
            return kept
        if not self.revision:
            return None
        return next(
            (path for name, path in zip(names, paths, strict=True) if self._fetch(name)), None
        )

    def require_file(self, names: Sequence[str], instead_of: str = "") -> Path:
        """The first of `names` that there is; `instead_of` was looked for before.

        Raises:
            UserError: there is none of them, or as `first_of`.
        """
        if path := self.first_of(names):
            return path
        sought = " or ".join([instead_of, *names] if instead_of else names)
        raise UserError(
            f"{self.name} has no {sought}; give a repository, or a folder with all files of one."
        )

    def require_weights(self, names: Sequence[str]) -> Path:
        """The first of some files of weights that there is, or the index of one in shards, all
        of which are then here as well.

        Raises:
            UserError: there is none of them, a shard is missing, or as `first_of`.
        """
        path = self.first_of([each for name in names for each in (name, name + INDEX)])
        if path is None:
            return self.require_file(names)
        if path.name.endswith(INDEX):
            for shard in shards_of(path):
                self.require_file((shard.relative_to(self.folder).as_posix(),))
        return path

    def _fetch(self, name: str) -> bool:
        """Brings a file from the hub into the library's cache; False if there is no such file."""
        import huggingface_hub as hub
        from huggingface_hub import errors, utils

        where = {"repo_id": self.label, "filename": name, "revision": self.revision}
        utils.disable_progress_bars()
        try:
            size = hub.get_hf_file_metadata(hub.hf_hub_url(**where)).size
            amount = "" if size is None else f" ({_readable(size)})"
            announce(f"fetching {name}{amount} of {self.name} from the hub")
            hub.hf_hub_download(**where)
        except Exception as error:
            absent = isinstance(error, errors.EntryNotFoundError)
            if absent and not isinstance(error, errors.LocalEntryNotFoundError):
                return False
            raise _not_fetched(name, self, error) from error
        return True


def local_repository(folder: Path) -> Repository:
    """A folder with the files of a repository, as a clone or a copy has them."""
    return Repository(folder, folder.resolve().name)


def hub_repository(repository: str, revision: str) -> Repository:
    """A model repository `owner/name` on the hub at a commit; a branch, a tag or the beginning of
    a commit is looked up, and the commit that it names is said.

    Raises:
        UserError: no `owner/name`; a name that cannot be looked up and was not before.
    """
    from huggingface_hub import constants, snapshot_download, utils

    if not REPOSITORY.match(repository):
        raise UserError(f"a repository on the hub is named owner/name; got {repository!r}.")
    owner_and_name = repository.replace("/", "--")
    snapshots = Path(constants.HF_HUB_CACHE) / f"models--{owner_and_name}" / "snapshots"
    begun = [*snapshots.glob(f"{revision}*")] if ABBREVIATED.match(revision) else []
    if COMMIT.match(revision) or len(begun) == 1:
        commit = begun[0].name if begun else revision
        return Repository(snapshots / commit, repository, commit)
    utils.disable_progress_bars()
    try:
        # The library notes which commit a branch or tag named last, for times without a network.
        folder = snapshot_download(repository, revision=revision, allow_patterns=["config.json"])
    except Exception as error:
        raise _not_fetched(f"revision {revision!r}", repository, error) from error
    commit = Path(folder).name
    announce(f"{repository}: {revision} is commit {commit}; give @{commit} to stay with it")
    return Repository(snapshots / commit, repository, commit)


def _not_fetched(what: str, source: Repository | str, error: Exception) -> UserError:
    """The sentence for something that is neither kept nor could be fetched."""
    from huggingface_hub import constants, errors

    label, name = (source, source) if isinstance(source, str) else (source.label, source.name)
    missing = {
        errors.RepositoryNotFoundError: "the hub has no such repository, or keeps it private",
        errors.RevisionNotFoundError: "the repository has no such revision",
    }
    for kind, said in missing.items():
        if isinstance(error, kind):
            return UserError(
                f"{what} of {name} was not found: {said}; correct the name or the revision."
            )
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return UserError(
        f"{what} of {name} is not kept in {constants.HF_HUB_CACHE} and could not be fetched "
        f"from the hub ({reason}); connect to the network, unset HF_HUB_OFFLINE, or give a folder "
        f"with the files of {label}."
    )


def _readable(size: int) -> str:
    """`1.3 GB`, `270 MB`, `2 kB`."""
    for unit, bytes_of_it in (("GB", 10**9), ("MB", 10**6)):
        if size >= bytes_of_it:
            return f"{size / bytes_of_it:.1f} {unit}"
    return f"{max(1, size // 1000)} kB"
