"""Documents from files: their kind, what is wrong with them, and that none of them hurts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from faults.transport import Wire
from volint.files import Unreadable
from volint.manners import Limits
from volint.runner import GAVE_UP
from volint.validation import Options, validate

if TYPE_CHECKING:
    from volint.model import Report

DATA = Path(__file__).parents[1] / "data"
REFERENCE = Path(__file__).parents[1] / "faults" / "documents"
CAPABILITIES = (REFERENCE / "capabilities.xml").read_text("utf-8")


def judged(tmp_path: Path, text: str | bytes) -> Report:
    """Return what is said of a document."""
    path = tmp_path / "document.xml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return validate(str(path))


@pytest.mark.parametrize(
    "path",
    [
        *sorted(REFERENCE.iterdir()),
        DATA / "availability.xml",
        DATA / "capabilities.xml",
        DATA / "examples.xhtml",
        DATA / "self-description.xml",
    ],
    ids=lambda path: path.name,
)
def test_good_documents_have_no_findings(path: Path) -> None:
    """Rules were tried, and none was broken."""
    report = validate(str(path))

    assert () == report.findings
    assert report.count("passed") > 1


HOSTILE: dict[str, str | bytes] = {
    "entities": '<!DOCTYPE a [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><VOTABLE>&b;</VOTABLE>',
    "external": '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">]><capabilities>&a;</capabilities>',
    "deep": "<availability>" + "<a>" * 100_000,
    "attribute": f'<VOTABLE a="{"x" * 12_000_000}"/>',
    "cut": CAPABILITIES[:700],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_told_as_unreadable(tmp_path: Path, name: str) -> None:
    """The report says that the document cannot be read, and nothing of it was expanded or fetched."""
    report = judged(tmp_path, HOSTILE[name])

    assert 1 == report.status
    assert "the file is not readable XML" in report.findings[0].message
    assert "" == report.findings[0].request
    assert not [outcome for outcome in report.outcomes if outcome.reason.startswith(GAVE_UP)]


BROKEN = {
    "<VOTABLE><RESOURCE></VOTABLE>": "VOT-3-01",
    '<?xml version="1.0"?><!-- > --><v:VOTABLE xmlns:v="urn:x"><': "VOT-3-01",
    "<capabilities><a>": "VOSI-3.1-05",
    "<availability>&nbsp;</availability>": "VOSI-3.2-05",
    "<!DOCTYPE tableset><tableset><a>": "VOSI-3.3-04",
    "<uws:job><uws:jobId>": "UWS-2.2.2-02",
    "<html><body><p></body></html>": "DALI-2.3-02",
    '<ri:Resource xmlns:ri="http://www.ivoa.net/xml/RegistryInterface/v1.0"><a>': "REG-VOR-07",
}


@pytest.mark.parametrize("text", BROKEN)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_broken_document_is_told_by_its_own_standard(tmp_path: Path, text: str, encoding: str) -> None:
    """The first tag says what a text was meant to be, whatever comes after it."""
    report = judged(tmp_path, text.encode(encoding))

    assert [BROKEN[text]] == [found.code for found in report.findings]


NOTHING = (b"", bytes(range(256)), b"<svg/>", b"<!-- VOTABLE", b"VOTABLE", b"\x1f\x8b")


@pytest.mark.parametrize("content", NOTHING)
def test_what_is_no_document_of_the_observatory_is_not_judged(tmp_path: Path, content: bytes) -> None:
    """There is no rule that it could break."""
    with pytest.raises(Unreadable):
        judged(tmp_path, content)


def test_types_of_vendors_are_not_judged(tmp_path: Path) -> None:
    """A type in a namespace that no schema is at hand for is no mistake."""
    text = CAPABILITIES.replace("xmlns:vs=", 'xmlns:own="http://vendor.example/xml" xmlns:vs=').replace(
        '<capability standardID="ivo://ivoa.net/std/SODA#sync-1.0">',
        '<capability standardID="ivo://vendor.example/std" xsi:type="own:Special">',
    )

    assert () == judged(tmp_path, text).findings


def test_what_an_older_schema_allows_is_a_warning(tmp_path: Path) -> None:
    """Several security methods are valid by VOResource 1.1 and not by 1.2."""
    method = '<securityMethod standardID="ivo://ivoa.net/sso#BasicAA"/>'
    place = CAPABILITIES.index("</accessURL>", CAPABILITIES.index("/dal/links")) + len("</accessURL>")
    report = judged(tmp_path, CAPABILITIES[:place] + method * 2 + CAPABILITIES[place:])

    assert {("VOSI-3.1-05", "warning"), ("REG-VOR-05", "info")} == {
        (f.code, f.level) for f in report.findings
    }
    assert "'lenient'" in report.findings[0].message


def test_a_list_of_jobs_is_held_against_its_schema(tmp_path: Path) -> None:
    """A document of jobs is told by its root."""
    jobs = '<uws:jobs xmlns:uws="http://www.ivoa.net/xml/UWS/v1.0" number="1"/>'

    assert ["UWS-2.2.2-02"] == [found.code for found in judged(tmp_path, jobs).findings]


def test_a_record_leads_to_the_service_that_it_describes(tmp_path: Path) -> None:
    """The endpoints that a registry record names are tested as if they had been given."""
    path = tmp_path / "record.xml"
    path.write_text(CAPABILITIES.replace("vosi:capabilities", "vosi:Resource"), "utf-8")
    report = validate(str(path), Options(follow=True, limits=Limits(rate=1e9), transport=Wire()))

    assert () == report.findings
    assert report.requests > 100
