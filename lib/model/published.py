"""Reading what others published, piece by piece: each piece is asked for by its name, and what is
missing, of the wrong kind or left over is named in the sentence that refuses it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from torch import Tensor

from lib.core.errors import UserError
from lib.core.weights import read_state_dict


class PublishedConfig:
    """The settings in a `config.json`.

    Raises:
        UserError: no such file, or it does not hold settings.
    """

    def __init__(self, path: Path):
        self.path = Path(path)
        try:
            self.settings: Any = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise UserError(f"expected a model's settings, but there is no {path}.") from None
        except ValueError as error:
            raise UserError(f"{path} is damaged ({error}); fetch it again.") from error
        if not isinstance(self.settings, dict):
            raise UserError(f"{path} must hold settings by name; it holds something else.")

    def get(self, key: str, default: Any = None) -> Any:
        """A setting that may be left out; JSON's null counts as left out."""
        value = self.settings.get(key)
        return default if value is None else value

    def size(self, key: str, default: int | None = None) -> int:
        """A whole number of at least 1; without a default it has to be there."""
        value = self.get(key, default)
        if value is None:
            raise UserError(f"{self.path} lacks {key!r}, without which the model has no shape.")
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise UserError(
                f"{self.path}: {key!r} must be a whole number of at least 1; got {value!r}."
            )
        return value

    def only(self, key: str, *allowed: Any) -> Any:
        """A setting that may have these values; the first is what leaving it out means."""
        value = self.get(key, allowed[0])
        if value not in allowed:
            raise self.refusal(key, " or ".join(map(repr, allowed)))
        return value

    def refusal(self, key: str, expected: str) -> UserError:
        """The error for a setting that this transformer does not have."""
        return UserError(
            f"{self.path} has {key!r} = {self.get(key)!r}, and only {expected} can be read here: "
            "the model would compute something else."
        )


class PublishedWeights:
    """A state dict that is emptied by asking for what is known.

    Raises:
        UserError: the file is missing, damaged, or no state dict.
    """

    def __init__(self, path: Path):
        self.path = Path(path)
        self._left = read_state_dict(self.path)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def take(self, key: str, *shape: int) -> Tensor:
        """A tensor in float32.

        Raises:
            UserError: it is missing, of another shape, or not made of finite numbers.
        """
        if key not in self._left:
            others = ", ".join(list(self._left)[:3]) or "nothing more"
            raise UserError(
                f"{self.path} has no key {key!r}, which the model's config.json asks for; there "
                f"are {others} and so on: the two files must belong together."
            )
        value = self._left.pop(key)
        if tuple(value.shape) != shape:
            raise UserError(
                f"{self.path}: {key} must have the shape {list(shape)} by the config.json beside "
                f"it; it has {list(value.shape)}."
            )
        if not value.is_floating_point() or not bool(value.isfinite().all()):
            raise UserError(
                f"{self.path}: {key} must be made of finite floating-point numbers; fetch the "
                "file again."
            )
        return value.float()

    def finish(self, ignored: str) -> None:
        """Raises UserError if anything is left that the pattern `ignored` does not know."""
        for key in self._left:
            if not re.fullmatch(ignored, key):
                raise UserError(
                    f"{self.path} has the key {key!r}, which this architecture does not have: the "
                    "weights belong to another model, or to one that was changed."
                )
