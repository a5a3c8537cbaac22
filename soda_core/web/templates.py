"""Pages from templates."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from soda_core import resources

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["template"]


@cache
def template(name: str) -> Template:
    """Return a template of `templates/html`, which escapes what it shows."""
    loader = FileSystemLoader(resources.templates() / "html")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template(name)
