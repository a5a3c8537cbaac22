"""One folder of files: its rules, and which rows of an inventory of others are its files."""

from __future__ import annotations

import difflib
import re
from pathlib import Path  # noqa: TC003 - pydantic reads the annotations
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias
from urllib.parse import quote, unquote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from soda_core import standards

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["PRESETS", "Collection", "Rows", "Rule", "meant"]

KEY = "{key}"
PRESETS = ("sdss", "wise", "hsc", "lsst")
"""Names of the sets of rules that are there for well-known surveys."""

FIXED = ("obs_publisher_did", "obs_collection", "access_url", "access_format", "access_estsize")
"""Columns that follow from where a file lies: no rule gives them."""

BAND = "band"
"""What a rule may give beside the columns: the name of a filter, for em_min and em_max."""

TABLE = {"card", "scale", "offset", "map"}
_CARD = re.compile(r"\{[^{}]*\}")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
Rule: TypeAlias = "str | int | float | Sequence[Rule] | Mapping[str, Rule]"
"""A constant, text with cards in braces, alternatives, or a table with a card and what is done to it."""


def _directory(path: Path) -> Path:
    """Return *path* made absolute; refuse what is no folder."""
    if not path.is_dir():
        raise ValueError(f"{str(path)!r} is not a folder")
    return path.resolve()


class Rows(BaseModel):
    """Which rows of somebody else's ObsCore table are files of a collection, and which file each is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: Literal["obs_publisher_did", "access_url", "obs_id"] = Field(
        "obs_publisher_did", description="The column that tells which file it is"
    )
    text: str = Field(description="What stands there, with {key} for what differs from file to file")
    file: str = Field("{key}", description="The path of the file below the folder, made with {key}")

    @field_validator("text", "file")
    @classmethod
    def _one_key(cls, text: str) -> str:
        """Refuse a text from which no file could be told."""
        if text.count(KEY) != 1:
            raise ValueError(f"{text!r}: expected {KEY} in it, once")
        return text

    def key_of(self, value: object) -> str | None:
        """Return the path of the file of a row, None for rows of others."""
        found = _between(self.text, unquote(value)) if isinstance(value, str) else None
        return None if found is None else self.file.replace(KEY, found)

    def text_of(self, path: str) -> str | None:
        """Return what the row of a file holds, None for a path that no row can have."""
        found = _between(self.file, path)
        return None if found is None else self.text.replace(KEY, quote(found, safe="/~"))


def _between(pattern: str, text: str) -> str | None:
    """Return what stands in place of the key, None for a text of another form."""
    before, _, after = pattern.partition(KEY)
    fits = text.startswith(before) and text.endswith(after) and len(text) > len(before) + len(after)
    return text[len(before) : len(text) - len(after)] if fits else None


class Collection(BaseModel):
    """A named folder of FITS files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._~-]*$", description="Last step of the dataset identifiers"
    )
    folder: Annotated[Path, AfterValidator(_directory)] = Field(description="Where the FITS files lie")
    preset: str = Field("", description="Rules for the files of a survey: sdss, wise, hsc or lsst")
    obscore: dict[str, Any] = Field(
        default_factory=dict, description="A rule for each ObsCore column that the usual cards do not give"
    )
    access: Literal["rights", "open"] = Field(
        "rights",
        description="Whether data_rights and obs_release_date hold (`rights`), or every file is `open`",
    )
    rows: Rows | None = Field(
        None, description="Which rows of the inventory are files of this folder, where that is a TAP service"
    )

    @field_validator("preset")
    @classmethod
    def _known_preset(cls, preset: str) -> str:
        """Refuse what is no preset."""
        if preset and preset not in PRESETS:
            raise ValueError(f"{preset!r} is none of {', '.join(PRESETS)}{meant(preset, PRESETS)}")
        return preset

    @field_validator("obscore")
    @classmethod
    def _sound_rules(cls, rules: dict[str, Any]) -> dict[str, Any]:
        """Refuse rules that can give nothing to their column."""
        columns = {column.name: column for column in standards.load("obscore").columns}
        for name, rule in rules.items():
            if name in FIXED:
                raise ValueError(f"{name}: follows from where the file lies, no rule gives it")
            if name not in columns and name != BAND:
                raise ValueError(f"{name}: is no column of ObsCore{meant(name, (*columns, BAND))}")
            text = name == BAND or columns[name].datatype == "char"
            values = columns[name].values if name in columns else ()
            _check_rule(name, rule, text=text, values=values)
        return rules


def meant(name: str, known: Iterable[str]) -> str:
    """Return a question after the name that was meant, if one is near."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _check_rule(name: str, rule: object, *, text: bool, values: Sequence[str]) -> None:
    """Refuse a rule that cannot be carried out, in words."""
    if isinstance(rule, str) and not _CARD.search(rule) and rule:
        if values and rule not in values:
            raise ValueError(f"{name}: {rule!r} is none of {', '.join(values)}{meant(rule, values)}")
        if not text and not _NUMBER.fullmatch(rule):
            raise ValueError(f"{name}: {rule!r} is no number; the value of a card is written '{{CARD}}'")
    elif isinstance(rule, list) and rule:
        for one in rule:
            _check_rule(name, one, text=text, values=values)
    elif isinstance(rule, dict):
        _check_table(name, rule)
    elif isinstance(rule, bool) or not isinstance(rule, str | int | float):
        raise ValueError(f"{name}: expected text, a number, a list of rules, or a table with a card")


def _check_table(name: str, rule: Mapping[str, object]) -> None:
    """Refuse a table without a card, or with what is not done to one."""
    for key in rule:
        if key not in TABLE:
            raise ValueError(f"{name}.{key}: is none of {', '.join(sorted(TABLE))}{meant(key, TABLE)}")
    cards = rule.get("card")
    words = [cards] if isinstance(cards, str) else cards
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
        raise ValueError(f"{name}.card: expected the name of a card, or a list of names")
    for key in ("scale", "offset"):
        if isinstance(rule.get(key, 1), bool) or not isinstance(rule.get(key, 1), int | float):
            raise ValueError(f"{name}.{key}: {rule[key]!r} is no number")  # noqa: TRY004 - pydantic tells ValueErrors
    if not isinstance(rule.get("map", {}), dict):
        raise ValueError(f"{name}.map: expected a table by what the card says")  # noqa: TRY004 - as above
