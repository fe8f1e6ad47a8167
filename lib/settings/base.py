"""What the settings of every chapter share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from lib.core.device import resolve_device


class ProfileFacts(NamedTuple):
    """What holds for a profile in every chapter."""

    source: str
    """Where its text comes from if no source is given."""
    seconds: float
    """What one run of a chapter may take on the machine that the profile is for."""


PROFILE_FACTS = {
    "ci": ProfileFacts("bundled", 30.0),
    "cpu": ProfileFacts("bundled", 240.0),
    "night": ProfileFacts("hub", 10800.0),
    "t4": ProfileFacts("hub", 3600.0),
    "paper": ProfileFacts("hub", 86400.0),
}
"""From the smallest to the largest. The sizes are in the file `profiles.yml` of each study."""

PROFILES = tuple(PROFILE_FACTS)
ProfileName = Literal[PROFILES]
PROFILE_SECONDS = {name: facts.seconds for name, facts in PROFILE_FACTS.items()}


class ChapterSettings(BaseModel):
    """One run's settings: validated, complete, and never changed afterwards.

    A chapter's schema adds its own fields (tuples for lists, `Field(gt=0)` and the like for what is
    possible) and says which bundled corpus and which hub text the chapter reads.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    chapter: ClassVar[str]
    """The chapter's number, e.g. "01"."""
    bundled: ClassVar[str] = "storyworld"
    """Name of the corpus that `bundled` stands for."""
    hub: ClassVar[Any] = None
    """The `lib.text.corpora.HubText` that `hub` stands for."""

    profile: ProfileName
    """The table of sizes that this run starts from."""
    seed: int = Field(ge=0, lt=2**31)
    """The run's base seed."""
    source: str
    """`bundled`, `hub`, or a folder of .txt, .jsonl or .parquet."""
    device: str = "auto"
    """`auto`, `cpu`, `cuda`, `cuda:1`, `mps`."""
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    """Number format of matrix products; `auto` is the fastest that the device has in hardware."""

    def model_post_init(self, context: Any) -> None:
        if self.device != "auto":
            resolve_device(self.device)

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """As it is shown on a page: a folder of text by its name, because its place is private."""
        for name, value in super().__repr_args__():
            private = name == "source" and value not in ("bundled", "hub")
            yield name, Path(value).name if private else value

    def data_source(self) -> Any:
        """A `lib.text.corpora.Source`: what `source` stands for, resolved without reading any text.

        A chapter that counts its text in other fields than `text_characters` overrides this.
        """
        from lib.text.corpora import resolve_source

        return resolve_source(
            self.source,
            bundled=self.bundled,
            hub=self.hub,
            characters=getattr(self, "text_characters", 0),
        )
