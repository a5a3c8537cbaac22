"""Forms of a report, each a function from a report to text, loaded when it is asked for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from volint.model import Report

__all__ = ["FORMS", "render"]

FORMS = ("text", "json", "junit", "sarif", "html")


def render(report: Report, form: str) -> str:
    """Return a report in one of `FORMS`; `text` is for pipes, the terminal has its own."""
    module = importlib.import_module(f"volint.reports.{form}_form")
    return str(module.render(report))
