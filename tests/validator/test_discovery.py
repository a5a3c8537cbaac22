"""From any address of a service to its endpoints; and politeness to what is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from faults.holdings import BASE
from faults.transport import Wire
from volint.client import Client
from volint.discovery import NothingFound, discover
from volint.manners import Limits
from volint.profile import Profile, ProfileError
from volint.validation import Options, validate

if TYPE_CHECKING:
    from pathlib import Path

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

        assert {} == wire.service.jobs.known
        assert (wire.service.jobs.made > 0) == write


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
