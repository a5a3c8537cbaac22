"""A directive for what the documentation takes from declarations, settings, schemas and fragments.

`{declared} soda` and the like are replaced at build time by Markdown made here, so nothing is copied by hand.
"""

from __future__ import annotations

import json
import re
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, ClassVar

from pydantic_core import PydanticUndefined
from sphinx.util.docutils import SphinxDirective
from volint.checks import all_checks
from volint.coverage import UNTESTABLE, count
from volint.facts import facts

from soda_core import services, standards
from soda_core.documents import Catalog
from soda_core.services import Archive, Desk
from soda_core.settings import Collection, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from docutils.nodes import Node
    from pydantic import BaseModel
    from sphinx.application import Sphinx

    from soda_core.standards import Parameter

__all__ = ["PAGES", "setup"]


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def code(words: Iterable[str]) -> str:
    """Return words in code type, separated by commas."""
    return ", ".join(f"`{word}`" for word in words)


def endpoints() -> str:
    """Show the declared endpoints that the service answers."""
    with TemporaryDirectory() as folder:
        settings = Settings(inventory=f"{folder}/inventory.sqlite")
        archive, desk = Archive.open(settings), Desk.of(settings)
        bound = services.endpoints(archive, desk)
        archive.inventory.close()
        desk.store.close()
    rows = [
        (
            f"`{b.endpoint.path}`",
            code(b.methods),
            f"{b.standard.name} {b.standard.head.version}, {b.endpoint.section}",
            b.endpoint.description,
        )
        for b in bound
    ]
    return table(("path", "methods", "from", "what it does"), rows)


def parameters() -> str:
    """Show what `/sync` takes, one section for each parameter."""
    soda = standards.load("soda")
    taken = soda.parameters_of(soda.endpoint("sync"))
    return "\n\n".join(map(_parameter, taken))


def _parameter(parameter: Parameter) -> str:
    """Return the section of one parameter."""
    facts = [
        ("type", f"`{parameter.type}`"),
        ("unit", f"`{parameter.unit}`" if parameter.unit else ""),
        ("UCD", f"`{parameter.ucd}`" if parameter.ucd else ""),
        ("values", code(parameter.values)),
        ("section", parameter.section),
    ]
    lines = [f"### {parameter.name}", parameter.description]
    lines += [" · ".join(f"{name} {text}" for name, text in facts if text)]
    if parameter.shapes:
        rows = [
            (f"`{s.label}`", s.description, code(f"{s.label} {example}" for example in s.examples), s.section)
            for s in parameter.shapes
        ]
        lines += [table(("shape", "what follows", "examples", "section"), rows)]
    elif parameter.examples:
        lines += ["Examples: " + code(f"{parameter.name}={example}" for example in parameter.examples)]
    return "\n\n".join(lines)


def formats() -> str:
    """Show what RESPONSEFORMAT may ask `/sync` for."""
    soda = standards.load("soda")
    rows = [
        (f"`{form.media_type}`", code(form.aliases), form.section)
        for form in soda.formats_of(soda.endpoint("sync"))
    ]
    return table(("media type", "also", "section"), rows)


def errors() -> str:
    """Show the words that open an error text."""
    rows = [(f"`{e.label}`", e.meaning, e.section) for e in standards.load("soda").errors]
    return table(("label", "meaning", "section"), rows)


def settings() -> str:
    """Show the settings of a deployment."""
    return _settings(Settings, "SODALITE_{}")


def collections() -> str:
    """Show the settings of one collection."""
    return _settings(Collection, "")


def _settings(model: type[BaseModel], variable: str) -> str:
    """Return the table of the fields of a model."""
    rows = [
        (
            f"`{name}`",
            *([f"`{variable.format(name.upper())}`"] if variable else []),
            _default(field.default),
            field.description or "",
        )
        for name, field in model.model_fields.items()
    ]
    return table(("setting", *(["environment"] if variable else []), "default", "what it says"), rows)


def _default(value: object) -> str:
    """Return a default as a reader of TOML knows it."""
    if value is PydanticUndefined:
        return "required"
    return f"`{json.dumps(value)}`" if value or value == 0 else "none"


def schemas() -> str:
    """Show the schemas in `xsd/`."""
    rows = [
        (f"`{s.id}`", s.standard, s.version, s.status, f"`{s.namespace}`")
        for s in Catalog.load().schemas.values()
    ]
    return table(("id", "standard", "version", "status", "namespace"), rows)


def profiles() -> str:
    """Show the named sets of schemas."""
    rows = [(f"`{profile.name}`", profile.description) for profile in Catalog.load().profiles.values()]
    return table(("profile", "what it is"), rows)


def rules() -> str:
    """Show the rules that the validator covers, by standard."""
    titles = {code: check.title for check in all_checks() for code in reversed(check.codes)}
    parts = []
    for line in count():
        shown = [(code, facts()[code]) for code in line.covered]
        body = [
            (f"`{name}`", rule.level, rule.section, plain(rule.rule), titles[name]) for name, rule in shown
        ]
        if body:
            parts.append(
                f"## {line.standard}\n\n" + table(("rule", "level", "section", "demands", "holds when"), body)
            )
    return "\n\n".join(parts)


def untestable() -> str:
    """Show the rules that nobody can test from outside."""
    return table(
        ("rule", "demands", "why not"),
        [(f"`{n}`", plain(facts()[n].rule), why) for n, why in UNTESTABLE.items()],
    )


def plain(text: str) -> str:
    """Return *text* so that Markdown takes no sign of it for markup."""
    return re.sub(r"([\\`*_{}\[\]<>#])", r"\\\1", text)


PAGES: Mapping[str, Callable[[], str]] = {
    page.__name__: page
    for page in (
        *(endpoints, parameters, formats, errors, settings, collections, schemas, profiles),
        *(rules, untestable),
    )
}


class Declared(SphinxDirective):
    """Put the Markdown of one of `PAGES` where the directive stands."""

    required_arguments: ClassVar[int] = 1

    def run(self) -> list[Node]:
        """Return the nodes of the page that the argument names."""
        text = PAGES[self.arguments[0]]()
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """Announce the directive."""
    app.add_directive("declared", Declared)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
