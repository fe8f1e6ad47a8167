"""Sites (hook points): read and edit activations during a pass; no hook stays behind."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping

from torch import Tensor

from lib.core.errors import UserError

Edits = Mapping[str, Callable[[Tensor], Tensor]]


class StopReached(Exception):
    """Ends a forward pass at the site where it was asked to stop; never leaves the model."""


class SiteVisitor:
    """Stands at every site of one forward pass: edits, then keeps, then perhaps stops.

    Args:
        sites: those that the model has, in order of computation.
        read: sites whose activations are kept in `activations`.
        edit: functions that replace the activation of a site by one of the same shape.
        stop_at: the site after which nothing is computed.

    Raises:
        UserError: an unknown site, or one that lies behind `stop_at`.
    """

    def __init__(
        self,
        sites: tuple[str, ...],
        read: Collection[str],
        edit: Edits | None,
        stop_at: str | None,
    ):
        self.read = {read} if isinstance(read, str) else set(read)
        self.edit = dict(edit or {})
        self.stop_at = stop_at
        self.activations: dict[str, Tensor] = {}
        asked = {*self.read, *self.edit, *([stop_at] if stop_at else [])}
        for site in sorted(asked):
            check_site(sites, site)
        self.asked = tuple(sorted(asked, key=sites.index))
        """The sites where anything happens, in order of computation."""
        if stop_at:
            behind = self.asked[self.asked.index(stop_at) + 1 :]
            if behind:
                raise UserError(
                    f"the forward pass stops at {stop_at}, so {behind[0]} is never "
                    "computed; stop later or ask for an earlier site."
                )

    def __call__(self, site: str, x: Tensor) -> Tensor:
        """The activation that the computation goes on with."""
        if site in self.edit:
            edited = self.edit[site](x)
            if edited.shape != x.shape:
                raise UserError(
                    f"an edit at {site} must keep the shape {tuple(x.shape)}; it returned "
                    f"{tuple(edited.shape)}."
                )
            x = edited.to(x.dtype)
        if site in self.read:
            self.activations[site] = x
        if site == self.stop_at:
            raise StopReached
        return x


def check_site(sites: tuple[str, ...], site: str) -> None:
    """Raises UserError, naming near ones, unless the model has this site."""
    if site in sites:
        return
    near = difflib.get_close_matches(site, sites, n=3, cutoff=0.3)
    raise UserError(
        f"this model has no site {site!r}; near ones are {', '.join(near or sites[:3])}."
    )
