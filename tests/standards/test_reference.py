"""The declarations agree with the reference data, where these are present."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from soda_core.standards import available, load

if TYPE_CHECKING:
    from soda_core.standards import Column, Parameter

OWN = {"retrieval"}
"""Declarations whose rules are numbered by this project."""

REFERENCE = Path(__file__).parents[3] / "shared" / "standards"


def reference(name: str, key: str) -> list[dict[str, Any]]:
    """Return the tables *key* of a file of the reference data."""
    path = REFERENCE / name
    if not path.is_file():
        pytest.skip("the reference data are not here")
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))[key]
    return entries


def compare(expected: dict[str, Any], entry: Parameter | Column, prefix: str = "") -> None:
    """Hold what a column or parameter says of its values against a table of the reference data."""
    for key in ("datatype", "arraysize", "xtype"):
        assert expected[prefix + key] == getattr(entry, key), (entry.name, key)
    assert expected["unit"] == entry.unit, entry.name


def test_soda_agrees_with_the_reference_data() -> None:
    """UCD, unit, datatype, arraysize, xtype and columns of each parameter are those of the text."""
    for entry in reference("soda-params.toml", "param"):
        if "status" not in entry:  # otherwise it is not in the recommendation
            parameter = load("soda", extensions=()).parameters[entry["name"]]
            compare(entry, parameter)
            assert (entry["ucd"], tuple(entry["obscore"])) == (parameter.ucd, parameter.obscore)
            assert tuple(entry.get("ucd_alternatives", ())) == parameter.ucd_alternatives


def test_soda_declares_the_labels_of_the_reference_data() -> None:
    """The error labels are those of the text."""
    expected = {entry["label"] for entry in reference("soda-params.toml", "error")}

    assert expected == {entry.label for entry in load("soda").errors}


def test_sia2_agrees_with_the_reference_data() -> None:
    """Parameters of SIA have the metadata, columns and way of matching of the text."""
    for entry in reference("sia2-params.toml", "param"):
        if "status" not in entry:
            parameter = load("sia2").parameters[entry["name"]]
            compare(entry, parameter)
            assert tuple(entry["columns"]) == parameter.obscore
            assert entry["multi"] == (parameter.occurs == "0..*") == parameter.filter
            assert parameter.match in {entry["match"], ""}
    labels = {entry["label"] for entry in reference("sia2-params.toml", "error")}

    assert labels == {entry.label for entry in load("sia2").errors}


def test_obscore_agrees_with_the_reference_data() -> None:
    """The columns of ObsCore have the metadata of the text, in its order."""
    entries = reference("obscore-columns.toml", "column")
    columns = load("obscore").columns

    assert [entry["name"] for entry in entries] == [column.name for column in columns]
    for entry, column in zip(entries, columns, strict=True):
        compare(entry, column, "votable_")
        for key in ("ucd", "utype", "mandatory", "not_null", "principal", "std"):
            assert entry[key] == getattr(column, key), (column.name, key)


def test_uws_agrees_with_the_reference_data() -> None:
    """Phases and transitions are those of the text."""
    uws = load("uws")
    steps = {
        (entry["from"], entry["to"], entry["actor"]) for entry in reference("uws-phases.toml", "transition")
    }
    keys = ("name", "initial", "active", "terminal", "params_writable")
    phases = [tuple(entry[key] for key in keys) for entry in reference("uws-phases.toml", "phase")]

    assert steps == {(step.source, step.target, step.actor) for step in uws.transitions}
    assert phases == [(p.name, p.initial, p.active, p.terminal, p.writable) for p in uws.phases]


def test_requirements_agree_with_the_reference_data() -> None:
    """The rules of each declared standard are all there, in order, with level, section and state."""
    standards = [load(name) for name in available() if not name.startswith("ext/") and name not in OWN]
    kept = {standard.name for standard in standards}
    entries = [
        e
        for e in reference("requirements.toml", "requirement")
        if e["standard"].replace("SIA2", "SIA") in kept
    ]
    declared = {rule.id: rule for standard in standards for rule in standard.requirements}

    assert {entry["id"] for entry in entries} == declared.keys()
    for entry in entries:
        rule = declared[entry["id"]]
        assert (entry["level"], entry.get("draft", False)) == (rule.level, rule.draft)
        assert rule.section.endswith(entry["section"].replace("§", "")), rule.id
