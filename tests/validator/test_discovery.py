"""From any address of a service to its endpoints; and politeness to what is found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from faults.holdings import BASE
from faults.transport import Wire
from volint.cli import Asking, Telling
from volint.client import Client
from volint.command import run_each
from volint.discovery import NothingFound, discover, record_of, record_target
from volint.manners import Limits
from volint.profile import Profile, ProfileError
from volint.validation import Options, validate

DOCUMENTS = Path(__file__).parents[1] / "faults" / "documents"
FAST = Limits(rate=1e9)


@pytest.mark.parametrize("path", ["", "/", "/capabilities", "/sync", "/links?ID=x", "/query", "/async"])
def test_every_address_leads_to_the_whole_service(path: str) -> None:
    """Base, capabilities and endpoints find the same."""
    target = discover(f"{BASE}{path}", Client(BASE, FAST, transport=Wire()))

    assert BASE == target.base
    assert {"soda.sync", "soda.async", "sia2.query", "datalink.links", "dali.examples"} <= {
        endpoint.kind for endpoint in target.endpoints
    }


def test_where_there_is_nothing_the_tries_are_told() -> None:
    """The message names each address that was asked."""
    with pytest.raises(NothingFound, match="answers 404"):
        discover("http://reference.test/elsewhere/deep", Client(BASE, FAST, transport=Wire()))


def test_without_leave_no_job_is_made() -> None:
    """A run without --write leaves the list of jobs empty, and one with it too, in the end."""
    for write in (False, True):
        wire = Wire()
        validate(BASE, Options(write=write, limits=FAST, transport=wire))

        assert {} == wire.service.jobs["async"].known
        assert (wire.service.jobs["async"].made > 0) == write


def test_a_profile_leaves_rules_out(tmp_path: Path) -> None:
    """What a profile skips is not tried; a key that means nothing is refused."""
    path = tmp_path / "profile.toml"
    path.write_text('id = "ivo://reference.test/data?two"\nskip = ["SODA-5.1-02"]\n', "utf-8")
    report = validate(BASE, Options(limits=FAST, transport=Wire(), profile=Profile.read(path)))
    path.write_text('idd = "x"\n', "utf-8")

    assert "SODA-5.1-02" not in {outcome.code for outcome in report.outcomes}
    assert () == report.findings
    with pytest.raises(ProfileError, match="did you mean 'id'"):
        Profile.read(path)


RECORD = (
    '<ri:VOResources xmlns:ri="http://www.ivoa.net/xml/RegistryInterface/v1.0">'
    "<ri:Resource><identifier>ivo://reference.test/other</identifier></ri:Resource>"
    "<ri:Resource><identifier> ivo://reference.test/Service </identifier>{capabilities}</ri:Resource>"
    "</ri:VOResources>"
)


def test_an_ivoid_leads_to_the_service_of_its_record(tmp_path: Path) -> None:
    """The record that has the identifier counts, in any case; the rest of the file does not."""
    capabilities = (DOCUMENTS / "capabilities.xml").read_text("utf-8")
    opening = re.search(r"<vosi:capabilities([^>]*)>", capabilities)
    assert opening is not None
    inner = capabilities[opening.end() : capabilities.index("</vosi:capabilities>")]
    path = tmp_path / "record.xml"
    text = RECORD.replace("<ri:VOResources ", f"<ri:VOResources {opening[1]} ").format(capabilities=inner)
    path.write_text(text, "utf-8")
    given = record_target(record_of("ivo://Reference.test/service?x", path), "it")

    assert {"soda.sync", "sia2.query", "datalink.links"} <= {endpoint.kind for endpoint in given.endpoints}
    with pytest.raises(NothingFound, match="names no endpoint"):
        record_target(record_of("ivo://reference.test/other", path), "it")
    with pytest.raises(NothingFound, match="holds no record of"):
        record_of("ivo://reference.test/third", path)


def test_an_ivoid_alone_is_not_looked_up(capsys: pytest.CaptureFixture[str]) -> None:
    """The command says what is missing."""
    assert 2 == run_each(("ivo://reference.test/service",), Asking(), Telling())
    assert "no registry is asked for ivo://reference.test/service" in capsys.readouterr().err


def test_several_documents_have_the_worst_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is told; one that cannot be read does not keep the others from it."""
    good, wrong, none = DOCUMENTS / "availability.xml", tmp_path / "wrong.xml", tmp_path / "none.xml"
    wrong.write_text("<availability/>", "utf-8")

    assert 1 == run_each((str(none), str(wrong), str(good)), Asking(), Telling())
    assert 2 == run_each((str(none), str(good)), Asking(), Telling())
    assert 0 == run_each((str(good), str(good)), Asking(), Telling())
    assert f"{good}: no findings" in capsys.readouterr().out
    assert 2 == run_each((str(good), str(good)), Asking(), Telling(format="json"))
