"""What a run will be, before a kernel starts: its settings, its key, its folder, its state."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from lib.core import paths
from lib.core.device import device_kind, resolve_device, resolve_precision
from lib.core.errors import UserError
from lib.core.fingerprints import digest
from lib.core.progress import announce, duration
from lib.core.weights import sha256
from lib.evidence.reach import refuse_unreachable
from lib.evidence.verdicts import claims
from lib.model.published.kept import checksums, is_kept
from lib.runs import notebooks, run_folders
from lib.settings import PROFILE_SECONDS, ChapterSettings
from lib.settings.profiles import missing_model
from lib.studies.registry import resolve, schema

LONGEST = 24
"""Characters of one setting in a run's title."""
NOT_IN_KEY = frozenset({"seed", "source", "device", "precision"})
"""Settings that stand elsewhere: the seed in the folder, the source as its fingerprint, device and
precision resolved."""


class RunSpec(NamedTuple):
    """One run: a chapter, its complete settings, and where its outcome belongs."""

    chapter: str
    notebook: Path
    settings: ChapterSettings
    overrides: dict[str, Any]
    """What differs from the profile, source, device and seed aside."""
    parameters: dict[str, Any]
    """What papermill is given."""
    source: dict[str, Any]
    """label, real, bundled, fingerprint."""
    key: str
    code: str
    """Hash of the code that makes the numbers."""
    presentation: str
    """Hash of the code that shows them."""
    folder: Path

    @property
    def title(self) -> str:
        """`chapter 01 at cpu on storyworld, seed 0`; with what differs from the profile."""
        what = f"chapter {self.chapter} at {self.settings.profile} on {self.source['label']}"
        changed = f" with {in_words(self.overrides)}" if self.overrides else ""
        return f"{what}{changed}, seed {self.settings.seed}"

    @property
    def label(self) -> str:
        """`01 seed 0` or `01 k=8 seed 0`: what tells the run from the others of a command."""
        return " ".join(
            [self.chapter, *filter(None, [in_words(self.overrides)]), f"seed {self.settings.seed}"]
        )

    def state(self) -> str:
        """What is left to do: `nothing`, `draw` (what shows the numbers changed) or `run`."""
        done = run_folders.read_marker(self.folder)
        if done is None:
            return "run"
        return "nothing" if done["presentation"] == self.presentation else "draw"


def in_words(overrides: Mapping[str, Any]) -> str:
    """`k=8, sizes=[1,2]`; what is long is cut."""
    texts = []
    for name, value in overrides.items():
        text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        texts.append(f"{name}={text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'}")
    return ", ".join(texts)


def plan_runs(
    chapters: Mapping[str, Path],
    parameters: Mapping[str, Any],
    seeds: Iterable[int] = (0,),
    grid: Iterable[Mapping[str, Any]] = ({},),
) -> list[RunSpec]:
    """A plan for each chapter, point of the grid and seed; all that can be wrong is found here.

    Args:
        chapters: number -> notebook, see `notebooks.find_chapters`.
        parameters: what was given: profile, source, device, precision, and the chapter's own.
        grid: further parameters, see `parse_sweeps`; two points that mean the same are one.

    Raises:
        UserError: as `settings.resolve`; a notebook whose parameters are not the schema's; a source
            that cannot be read; a claim that reads a record which the notebook does not write.
    """
    points, seeds = list(grid), list(seeds)
    plans = []
    for chapter, path in chapters.items():
        hashes = _hashes(chapter, path)
        _say_if_without(chapter, parameters)
        for point, seed in itertools.product(points, seeds):
            plans.append(_plan(chapter, path, hashes, {**parameters, **point, "seed": seed}))
    return list({one.folder: one for one in plans}.values())


def _say_if_without(chapter: str, parameters: Mapping[str, Any]) -> None:
    """One line where a chapter trains its own model because the profile's is not here."""
    missing = missing_model(schema(chapter), parameters.get("profile") or "cpu")
    if missing and parameters.get("model") is None:
        announce(
            f"chapter {chapter}: {missing} is not here, so that it trains a small model of its "
            f"own; `python -m lib fetch {missing}` brings it"
        )


def _hashes(chapter: str, path: Path) -> tuple[str, str]:
    """Of the code that makes a chapter's numbers and of that which shows them; takes a second."""
    notebook = notebooks.read(path)
    _check_parameters_cell(notebook, path, chapter)
    check_claims(notebook, path, chapter)
    code = notebooks.code_of(notebook)
    return notebooks.evidence_hash(code, chapter), notebooks.presentation_hash(code, chapter)


def _plan(chapter: str, path: Path, hashes: tuple[str, str], parameters: dict[str, Any]) -> RunSpec:
    settings = resolve(chapter, parameters)
    device = resolve_device(settings.device)
    precision = resolve_precision(settings.precision, device)
    settings = settings.model_copy(update={"precision": precision})
    source = settings.data_source()
    code_hash, presentation_hash = hashes
    own = settings.model_dump(mode="json", exclude=set(NOT_IN_KEY))
    keyed = {name: _by_contents(value) for name, value in own.items()}
    key = digest(
        code_hash, keyed, source.fingerprint, device_kind(device), precision,
        run_folders.library_versions(),
    )  # fmt: skip
    given = {name: value for name, value in parameters.items() if value is not None}
    plain = resolve(chapter, {"profile": settings.profile}).model_dump(mode="json")
    return RunSpec(
        chapter=chapter,
        notebook=path,
        settings=settings,
        overrides={name: value for name, value in own.items() if value != plain[name]},
        parameters={
            **{name: settings.model_dump(mode="json")[name] for name in given},
            "profile": settings.profile,
            "precision": precision,
        },
        source={
            "label": source.label,
            "real": bool(source.real),
            "bundled": bool(source.bundled),
            "fingerprint": source.fingerprint,
        },
        key=key,
        code=code_hash,
        presentation=presentation_hash,
        folder=paths.runs_folder()
        / chapter
        / f"{settings.profile}-{source.label}"
        / key
        / f"seed{settings.seed}",
    )


def _by_contents(value: Any) -> Any:
    """A setting as the run's key has it: a folder or file by what it holds, not by its place."""
    if isinstance(value, list | tuple):
        return [_by_contents(one) for one in value]
    if isinstance(value, str) and is_kept(value):
        return checksums(value)
    if not isinstance(value, str) or not Path(value).is_absolute() or not Path(value).exists():
        return value
    files = sorted(path for path in [Path(value), *Path(value).rglob("*")] if path.is_file())
    return digest([[path.name, sha256(path)] for path in files])


def _check_parameters_cell(notebook: Mapping[str, Any], path: Path, chapter: str) -> None:
    cell, fields = notebooks.parameter_names(notebook, path), set(schema(chapter).model_fields)
    if cell != fields:
        parts = []
        if cell - fields:
            parts.append(f"{', '.join(sorted(cell - fields))} stand only in the notebook")
        if fields - cell:
            parts.append(f"{', '.join(sorted(fields - cell))} only in the settings")
        raise UserError(
            f"The parameters cell of {path.name} and the settings of chapter {chapter} must name "
            f"the same parameters, but {' and '.join(parts)}."
        )


def check_claims(notebook: Mapping[str, Any], path: Path, chapter: str) -> None:
    """Makes sure that the chapter can settle its claims.

    Raises:
        UserError: a record that no cell writes, or a criterion that nothing can meet.
    """
    for key, entry in claims(chapter).items():
        refuse_unreachable(key, entry)
        for name in sorted(entry.records()):
            if not notebooks.may_write(notebook, name):
                raise UserError(
                    f"Claim {key!r} reads {name!r}, which no cell of {path.name} records: "
                    "correct the name in book/claims.yml, or record it there."
                )


def whole_seconds(plan: RunSpec) -> tuple[float, str]:
    """Seconds that all of a run takes, and by what that is known: "" for the profile's budget."""
    kind = (plan.chapter, plan.settings.profile)
    earlier = run_folders.seconds_of_earlier(*kind, plan.source["label"])
    if earlier is not None:
        return earlier, "by an earlier run"
    if recorded := run_folders.seconds_of_recorded(*kind):
        seconds, measured = recorded
        how = ", and by the speed of this machine" if measured else ""
        return seconds, f"by a run that is kept with the book{how}"
    return PROFILE_SECONDS[plan.settings.profile], ""


def expected(plan: RunSpec) -> str:
    """How long the run will take, by runs of its kind or else by the profile's budget."""
    state = plan.state()
    if state == "nothing":
        return "nothing to do"
    seconds, by = whole_seconds(plan)
    if not by:
        return f"up to {duration(seconds)} on the machine that this profile is for"
    most = "about" if state == "run" else "less than"
    return f"{most} {duration(max(seconds, 1))}, {by}"


def parse_seeds(text: str) -> list[int]:
    """`0-4` -> [0, 1, 2, 3, 4]; `0,2,5` and mixtures too."""
    seeds: list[int] = []
    for part in str(text).split(","):
        first, dash, last = part.strip().partition("-")
        try:
            a, b = int(first), int(last if dash else first)
        except ValueError:
            raise UserError(f"seeds must look like 0, 0-4 or 0,2,5; got {text!r}.") from None
        if b < a:
            raise UserError(f"seeds must count upwards; got {part.strip()!r}.")
        seeds += [seed for seed in range(a, b + 1) if seed not in seeds]
    return seeds


def parse_assignments(pairs: Iterable[str], option: str = "-p") -> dict[str, str]:
    """["width=128", "sizes=[1, 2]"] -> a dict of texts, which the settings decode."""
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        name = name.strip()
        if not sign or not name.isidentifier():
            raise UserError(f"{option} expects name=value; got {pair!r}.")
        if name in ("profile", "seed", "source", "device"):
            other = "seeds" if name == "seed" else name
            raise UserError(
                f"{option} is for a chapter's own parameters; write --{other} {value!r}."
            )
        if name in found:
            raise UserError(f"{option} gives {name!r} twice; once is enough.")
        found[name] = value
    return found


def parse_sweeps(pairs: Iterable[str], fixed: Iterable[str] = ()) -> list[dict[str, str]]:
    """["k=8,16", "rate=1,2"] -> every combination, as dicts of texts; [{}] for no sweep.

    Commas inside brackets belong to a value: "sizes=[1,2],[3]" has two.

    Args:
        fixed: names that have one value already.

    Raises:
        UserError: not of this form, a name given twice, or an empty value.
    """
    sweeps = parse_assignments(pairs, "--sweep")
    if both := sorted(set(sweeps) & set(fixed)):
        raise UserError(f"-p and --sweep both give {both[0]!r}; one of them is enough.")
    values = {name: _split(text) for name, text in sweeps.items()}
    for name, texts in values.items():
        if not all(texts):
            raise UserError(f"--sweep expects {name}=value,value; got {sweeps[name]!r}.")
    return [dict(zip(values, point, strict=True)) for point in itertools.product(*values.values())]


def _split(text: str) -> list[str]:
    """The parts between commas that stand outside of brackets."""
    parts, depth = [""], 0
    for sign in text:
        depth += (sign in "[({") - (sign in "])}")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]
