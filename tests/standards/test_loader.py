"""Reading declarations: what is refused, with which words, and how extensions are merged in."""

from pathlib import Path

import pytest

from soda_core.standards import SpecError, Where, available, hint, load, read

INVALID = Path(__file__).parent / "invalid"
FILES = sorted(INVALID.glob("*.toml"))

BASE = """\
[standard]
name = "TOY"
version = "1.0"
title = "A toy"
document = "https://example.org/toy"

[[endpoint]]
name = "sync"
path = "/sync"
methods = ["GET", "POST"]
standard_id = "ivo://example.org/toy#sync"
parameters = ["POS"]
section = "1"

[[parameter]]
name = "POS"
type = "shape"
datatype = "char"
arraysize = "*"
description = "Where."
section = "2"

[[shape]]
parameter = "POS"
label = "CIRCLE"
type = "circle"
section = "2"

[[format]]
media_type = "application/fits"
endpoints = ["sync"]
"""

EXTENSION = """\
[standard]
name = "MORE"
version = "1.0"
title = "More toys"
document = "https://example.org/more"
extends = "TOY"

[[parameter]]
name = "SIZE"
type = "whole"
datatype = "int"
description = "How large."
endpoints = ["sync"]
section = "1"

[[shape]]
parameter = "POS"
label = "RANGE"
type = "range"
section = "1"

[[format]]
media_type = "image/png"
endpoints = ["sync"]
"""


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A standard with one endpoint, parameter, shape and format."""
    path = tmp_path / "toy.toml"
    path.write_text(BASE)
    return path


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """An extension that adds a parameter, a shape and a format to the toy."""
    path = tmp_path / "more.toml"
    path.write_text(EXTENSION)
    return path


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_mistake_is_reported_with_its_line(path: Path) -> None:
    """Each broken declaration is refused with the message that lies beside it."""
    with pytest.raises(SpecError) as caught:
        read(path)

    assert path.with_suffix(".txt").read_text("utf-8") == f"{caught.value}\n"


def test_each_message_belongs_to_a_file() -> None:
    """No expected message is left over, and there are files at all."""
    assert FILES
    assert {path.stem for path in FILES} == {path.stem for path in INVALID.glob("*.txt")}


def test_a_declaration_is_read_as_written(toy: Path) -> None:
    """What the file says is found under the names of its keys."""
    standard = read(toy)

    assert "TOY" == standard.name
    assert ("GET", "POST") == standard.endpoint("sync").methods
    assert ["CIRCLE"] == [shape.label for shape in standard.parameters["POS"].shapes]


def test_an_extension_adds_a_parameter_a_shape_and_a_format(toy: Path, more: Path) -> None:
    """The merged standard has what both files declare, its own first."""
    standard = read(toy, [more])
    endpoint = standard.endpoint("sync")

    assert ("POS", "SIZE") == endpoint.parameters
    assert ["POS", "SIZE"] == [parameter.name for parameter in standard.parameters_of(endpoint)]
    assert ["CIRCLE", "RANGE"] == [shape.label for shape in standard.parameters["POS"].shapes]
    assert ["application/fits", "image/png"] == [entry.media_type for entry in standard.formats_of(endpoint)]


def test_an_extension_of_another_standard_adds_nothing(toy: Path, more: Path) -> None:
    """Only what extends this very standard is merged in."""
    more.write_text(EXTENSION.replace('"TOY"', '"SODA"'))

    assert read(toy) == read(toy, [more])


def test_an_extension_does_not_redefine(toy: Path, more: Path) -> None:
    """A parameter that the standard has already is refused, and both places are named."""
    more.write_text(EXTENSION.replace('"SIZE"', '"POS"'))

    with pytest.raises(
        SpecError, match=r"^more\.toml:9: parameter 'POS' is declared in toy\.toml:16 already$"
    ):
        read(toy, [more])


def test_an_extension_names_an_endpoint_that_is_there(toy: Path, more: Path) -> None:
    """A misspelt endpoint of an extension is reported in the extension's file."""
    more.write_text(EXTENSION.replace('endpoints = ["sync"]', 'endpoints = ["snyc"]', 1))

    with pytest.raises(
        SpecError, match=r"^more\.toml:13: endpoint 'snyc' is not declared; did you mean 'sync'\?$"
    ):
        read(toy, [more])


def test_a_standard_inherits_parameters_with_their_shapes(toy: Path, tmp_path: Path) -> None:
    """A declaration that builds on another may name its parameters and add to their shapes."""
    upper = tmp_path / "upper.toml"
    shape = EXTENSION[EXTENSION.index("[[shape]]") : EXTENSION.index("[[format]]")]
    head = BASE[: BASE.index("[[endpoint]]")].replace("TOY", "UPPER")
    upper.write_text(f'{head}builds_on = ["{toy.stem}"]\n{shape}')

    assert ["CIRCLE", "RANGE"] == [shape.label for shape in read(upper).parameters["POS"].shapes]


@pytest.mark.parametrize("name", available())
def test_every_declaration_can_be_loaded(name: str) -> None:
    """What is listed as available can be loaded under that name, and once loaded stays the same."""
    assert load(name) is load(name)


@pytest.mark.parametrize(
    ("name", "extensions", "message"),
    [
        ("sdoa", None, "sdoa.toml: no declaration 'sdoa'; did you mean 'soda'?"),
        ("soda", ("lst",), "lst.toml: no declaration 'ext/lst'; did you mean 'ext/lsst'?"),
    ],
)
def test_an_unknown_declaration_is_named(name: str, extensions: tuple[str, ...] | None, message: str) -> None:
    """A name without a file is answered with the nearest that has one."""
    with pytest.raises(SpecError) as caught:
        load(name, extensions=extensions)

    assert message == str(caught.value)


def test_extensions_can_be_left_out() -> None:
    """With an empty list the standard stands alone."""
    assert "BRECT" in load("soda").parameters
    assert "BRECT" not in load("soda", extensions=()).parameters


def test_a_vocabulary_is_not_a_declaration(tmp_path: Path) -> None:
    """A TOML file without the table [standard] is not listed."""
    (tmp_path / "words.toml").write_text('[[term]]\nid = "this"\n')
    (tmp_path / "toy.toml").write_text(BASE)

    assert ("toy",) == available(tmp_path)


@pytest.mark.parametrize(
    ("table", "index", "key", "line"),
    [
        ("", 0, "", 1),
        ("endpoint", 0, "", 7),
        ("endpoint", 0, "path", 9),
        ("endpoint", 0, "role", 7),
        ("shape", 5, "", 1),
    ],
)
def test_a_place_finds_its_line(toy: Path, table: str, index: int, key: str, line: int) -> None:
    """The line is that of the key, else that of the table, else the first."""
    assert line == Where(toy).at(table, index).key(key).line


@pytest.mark.parametrize(
    ("word", "expected"),
    [("circel", "; did you mean 'CIRCLE'?"), ("CIRCLE", "; did you mean 'CIRCLE'?"), ("BOX", "")],
)
def test_a_hint_is_given_for_a_near_word_only(word: str, expected: str) -> None:
    """The nearest word is proposed whatever its case, and none if none is near."""
    assert expected == hint(word, ["CIRCLE", "POLYGON"])
