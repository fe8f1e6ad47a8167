"""Jinja templates, in `templates` folders beside the code: what is filled into HTML is escaped."""

from __future__ import annotations

import math
import re
from typing import Any

import jinja2
from markupsafe import Markup, escape

from lib.core.paths import package_folder

ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(sorted(package_folder().glob("*/templates"))),
    autoescape=jinja2.select_autoescape(["html"], default=False),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, **values: Any) -> str:
    """A template with these values."""
    return ENVIRONMENT.get_template(template).render(values)


def macros(template: str) -> Any:
    """The macros of a template, to be called like functions; of HTML they return `Markup`."""
    return ENVIRONMENT.get_template(template).module


def code_marks(text: str) -> Markup:
    """Escaped text; what stands between backticks is set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


ENVIRONMENT.filters |= {"code_marks": code_marks, "log1p": math.log1p}
