"""The declarations of `specs/`: each is sound in itself and agrees with the reference data."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Protocol

import jsonschema  # type: ignore[import-untyped]  # has no types
import pytest
from astropy import units
from astropy.io.votable.ucd import check_ucd

from soda_core import resources
from soda_core.dali import TYPES, BadValue, errors
from soda_core.registry import read_value
from soda_core.standards import (
    Column,
    Endpoint,
    Parameter,
    Requirement,
    Shape,
    Standard,
    available,
    json_schema,
    load,
)

ROOT = Path(__file__).parents[2]
SPECS = resources.specs()

NAMES = available()
STANDARDS = tuple(load(name, extensions=()) for name in NAMES)
MERGED = {name: load(name) for name in NAMES if not name.startswith("ext/")}
EXTENSIONS = tuple(standard for standard in STANDARDS if standard.head.extends)
PARAMETERS = [(s.name, p) for s in MERGED.values() for p in s.parameters.values()]
COLUMNS = [(s.name, column) for s in MERGED.values() for column in s.columns]
SHAPES = [(s.name, shape, p) for s in MERGED.values() for p in s.parameters.values() for shape in p.shapes]
REQUIREMENTS = [(s.name, rule) for s in MERGED.values() for rule in s.requirements]
UNITS = {p.unit for _, p in PARAMETERS} | {column.unit for _, column in COLUMNS}
PREFIXES = {
    "DALI": "DALI|DALI12",
    "VOSI": "VOSI|VOSI12",
    "SIA": "SIA2",
    "DataLink": "DL",
    "ObsCore": "OBS",
    "VOTable": "VOT",
    "Registry": "REG",
}
"""What the ids of a standard's rules open with, where it is not its name."""

each_standard = pytest.mark.parametrize("standard", STANDARDS, ids=NAMES)
each_parameter = pytest.mark.parametrize(
    "parameter", [p for _, p in PARAMETERS], ids=[f"{name}-{p.name}" for name, p in PARAMETERS]
)
each_column = pytest.mark.parametrize(
    "column", [c for _, c in COLUMNS], ids=[f"{name}-{c.name}" for name, c in COLUMNS]
)
each_shape = pytest.mark.parametrize(
    ("shape", "parameter"),
    [(s, p) for _, s, p in SHAPES],
    ids=[f"{name}-{p.name}-{s.label}" for name, s, p in SHAPES],
)
each_type = pytest.mark.parametrize("name", TYPES)


class Sectioned(Protocol):
    """Any table of a declaration."""

    @property
    def section(self) -> str:
        """Where the text says so."""


def sections(standard: Standard) -> list[tuple[str, str]]:
    """Return the section of each table, after what it is."""
    tables: tuple[Sectioned, ...] = (
        *standard.endpoints,
        *standard.parameters.values(),
        *(shape for parameter in standard.parameters.values() for shape in parameter.shapes),
        *standard.formats,
        *standard.errors,
        *standard.columns,
        *standard.phases,
        *standard.transitions,
        *standard.requirements,
    )
    return [(repr(table), table.section) for table in tables]


def test_the_json_schema_is_up_to_date() -> None:
    """The schema for editors is that of the model; if it is not, run: nox -s generate."""
    command = [sys.executable, str(ROOT / "tools" / "generate_schema.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)


def test_a_stale_json_schema_is_noticed(tmp_path: Path) -> None:
    """A schema that differs is named, with the cure."""
    path = tmp_path / "standard.schema.json"
    path.write_text("{}\n")
    command = [sys.executable, str(ROOT / "tools" / "generate_schema.py"), "--check", "--output", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert (1, "standard.schema.json: out of date, run: nox -s generate\n") == (done.returncode, done.stdout)


@pytest.mark.parametrize("name", NAMES)
def test_a_declaration_obeys_the_json_schema(name: str) -> None:
    """What the loader takes, the editor takes too."""
    content = tomllib.loads((SPECS / f"{name}.toml").read_text("utf-8"))

    assert [] == [
        error.message for error in jsonschema.Draft202012Validator(json_schema()).iter_errors(content)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_declaration_names_its_schema(name: str) -> None:
    """The first line leads an editor to the schema."""
    first = (SPECS / f"{name}.toml").read_text("utf-8").splitlines()[0]
    path = (SPECS / name).parent / first.removeprefix("#:schema ")

    assert json.loads(path.read_text("utf-8")) == json_schema()


@each_standard
def test_the_head_is_complete(standard: Standard) -> None:
    """Each file tells its text, and an extension where its semantics are and what it extends."""
    head = standard.head

    assert re.fullmatch(r"\d+\.\d+", head.version)
    assert head.document.startswith("https://")
    assert head.title
    if head.extends:
        assert head.section
        assert head.extends in {other.name for other in STANDARDS if not other.head.extends}


def test_names_of_standards_differ() -> None:
    """No two files declare the same standard."""
    names = [standard.name for standard in STANDARDS]

    assert len(set(names)) == len(names)


@each_standard
def test_each_fact_has_its_section(standard: Standard) -> None:
    """No table leaves its section empty or writes the section sign."""
    assert [] == [table for table, section in sections(standard) if not section or "§" in section]


@each_standard
def test_descriptions_are_sentences(standard: Standard) -> None:
    """A description begins with a capital, unless it opens with a name, and ends with a full stop."""
    tables: list[Endpoint | Parameter | Column] = [
        *standard.endpoints,
        *standard.parameters.values(),
        *standard.columns,
    ]
    bad = [
        table.description
        for table in tables
        if not re.match(r"[A-Z]|\w*_", table.description) or not table.description.endswith(".")
    ]

    assert [] == bad


@pytest.mark.parametrize(
    "endpoint", [e for s in MERGED.values() for e in s.endpoints], ids=lambda endpoint: endpoint.name
)
def test_an_endpoint_is_sound(endpoint: Endpoint) -> None:
    """Paths are absolute, methods and parameters are listed once, an id is an IVOID of the IVOA."""
    assert re.fullmatch(r"[a-z]+", endpoint.name)
    assert re.fullmatch(r"(/[a-z]+|/\{[a-z-]+\})+", endpoint.path)
    assert re.fullmatch(r"(ivo://ivoa\.net/std/\w+(#[a-z]+(-\d\.\d)?)?)?", endpoint.standard_id)
    assert set(endpoint.path_parameters).isdisjoint(endpoint.parameters)
    assert endpoint.methods
    assert len(set(endpoint.methods)) == len(endpoint.methods)
    assert len(set(endpoint.parameters)) == len(endpoint.parameters)


@each_parameter
def test_a_ucd_is_in_the_controlled_vocabulary(parameter: Parameter) -> None:
    """Each UCD is made of words of the list, in their places; one known from old texts may be elsewhere."""
    assert not parameter.ucd or check_ucd(parameter.ucd, check_controlled_vocabulary=True)


@each_column
def test_the_ucd_of_a_column_is_in_the_controlled_vocabulary(column: Column) -> None:
    """Each UCD of a column is made of words of the list, in their places."""
    assert not column.ucd or check_ucd(column.ucd, check_controlled_vocabulary=True)


@pytest.mark.parametrize("unit", sorted(UNITS - {""}))
def test_a_unit_is_a_vounit(unit: str) -> None:
    """Each unit is written as VOUnits has it."""
    assert unit == units.Unit(unit, format="vounit", parse_strict="raise").to_string("vounit")


@each_parameter
def test_a_parameter_has_a_known_type(parameter: Parameter) -> None:
    """Each type has its reader, and the shapes of a parameter have theirs."""
    assert parameter.type in TYPES
    assert ("shape" == parameter.type) == bool(parameter.shapes)
    assert {shape.type for shape in parameter.shapes} <= TYPES.keys()


@each_parameter
def test_an_xtype_has_its_array(parameter: Parameter) -> None:
    """An xtype stands with the datatype and arraysize that DALI gives it."""
    arrays = {
        "": None,
        "circle": ("double", "3"),
        "polygon": ("double", "*"),
        "interval": ("double", "2"),
        "timestamp": ("char", "*"),
    }

    assert arrays[parameter.xtype] in {None, (parameter.datatype, parameter.arraysize)}


@each_parameter
def test_examples_are_read(parameter: Parameter) -> None:
    """Each example is a legal value, and matches the pattern that is told to clients."""
    if parameter.name != "REQUEST":  # its values are for each service to say
        assert parameter.examples
    for example in parameter.examples:
        read_value(parameter, example)
        assert re.search(TYPES[parameter.type].pattern, example, re.ASCII)


@each_shape
def test_examples_of_a_shape_are_read(shape: Shape, parameter: Parameter) -> None:
    """The word and an example make a legal value, whatever the case of the word."""
    assert shape.examples
    for example in shape.examples:
        assert re.search(TYPES[shape.type].pattern, example, re.ASCII)
        expected = TYPES[shape.type].read(shape.label, example)
        assert expected == read_value(parameter, f"{shape.label} {example}")
        assert expected == read_value(parameter, f"{shape.label.lower()} {example}")


@each_parameter
def test_counter_examples_are_refused(parameter: Parameter) -> None:
    """Each counter-example of the type is refused as a bad value."""
    for text in TYPES[parameter.type].counter_examples:
        with pytest.raises(BadValue):
            read_value(parameter, text)


@each_parameter
def test_a_closed_list_is_closed(parameter: Parameter) -> None:
    """Each listed value is taken, each example is one of them, another word is refused."""
    if not parameter.values:
        return
    assert set(parameter.examples) <= set(parameter.values)
    for value in parameter.values:
        assert value == read_value(parameter, value)
    with pytest.raises(BadValue, match="expected one of"):
        read_value(parameter, "neither")


@each_type
def test_what_the_pattern_refuses_the_reader_refuses(name: str) -> None:
    """A value outside the pattern of its type is never read."""
    kind = TYPES[name]
    for text in kind.counter_examples:
        if not re.search(kind.pattern, text, re.ASCII):
            with pytest.raises(BadValue):
                kind.read("X", text)


@each_parameter
def test_parameters_are_compared_with_obscore(parameter: Parameter) -> None:
    """The columns that a parameter names are declared."""
    assert set(parameter.obscore) <= {column.name for column in MERGED["obscore"].columns}
    assert parameter.obscore or not parameter.match


@each_standard
def test_error_codes_are_classes(standard: Standard) -> None:
    """Each label belongs to an error class or to none, and no class has two."""
    known = {getattr(errors, name).code for name in errors.__all__ if name[0].isupper()}
    codes = [entry.code for entry in standard.errors if entry.code]

    assert set(codes) <= known
    assert len(set(codes)) == len(codes)
    assert not codes or "Error" in codes, "the base needs a label"


@pytest.mark.parametrize("rule", [r for _, r in REQUIREMENTS], ids=[r.id for _, r in REQUIREMENTS])
def test_a_requirement_is_sound(rule: Requirement) -> None:
    """Rules are sentences in plain words, with a test; drafts have ids of their own."""
    owner = next(name for name, other in REQUIREMENTS if other is rule)

    assert re.fullmatch(rf"({PREFIXES.get(owner, owner)})(-([\d.]+|[A-Z]+))?-\d\d", rule.id)
    assert rule.draft == bool(re.match(r"\w+12-", rule.id))
    for text in (rule.rule, rule.test):
        assert re.search(r"[.!?)]$", text)
        assert not re.search(r"`|\*\*|\.md\b|\.toml\b|\bas above\b|^Same\.$", text)
        assert re.match(r"[^a-z]|\S*[_=./:A-Z#{]|standardID|detail", text)


def test_ids_of_requirements_differ() -> None:
    """No two rules have the same id."""
    ids = [rule.id for _, rule in REQUIREMENTS]

    assert len(set(ids)) == len(ids)


def test_phases_can_be_reached() -> None:
    """Every phase but UNKNOWN is reached from the only first one; an end leads to the archive only."""
    uws = MERGED["uws"]
    reached = {phase.name for phase in uws.phases if phase.initial}
    assert 1 == len(reached)
    for _ in uws.phases:
        reached |= {step.target for step in uws.transitions if step.source in reached}
    ends = {phase.name for phase in uws.phases if phase.terminal}

    assert {phase.name for phase in uws.phases} - {"UNKNOWN"} == reached
    assert {"ARCHIVED"} == {step.target for step in uws.transitions if step.source in ends}
