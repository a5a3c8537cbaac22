"""pyvo finds images with every parameter that it knows, and follows what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pyvo.dal import DALQueryError, SIA2Service

if TYPE_CHECKING:
    from pyvo.dal.sia2 import SIA2Results

# pyvo warns of what VODataService allows in a vs:ParamHTTP: parameters, and GET beside POST
pytestmark = [
    pytest.mark.filterwarnings("ignore::pyvo.utils.xml.exceptions.UnknownElementWarning"),
    pytest.mark.filterwarnings("ignore::pyvo.io.vosi.exceptions.W17"),
]


@pytest.fixture(scope="module")
def sia(service: str) -> SIA2Service:
    """The service, found by its base address and its capabilities."""
    return SIA2Service(f"{service}/sia")


def keys(found: SIA2Results) -> set[str]:
    """Return the names of the files found, without their ends."""
    return {str(did).partition("?")[2].partition(".")[0] for did in found["obs_publisher_did"]}


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ({"pos": (284.84, -66.283, 0.1)}, {"real/1904-66_AZP"}),
        ({"pos": (284.0, 285.0, -67.0, -66.0)}, {"real/1904-66_AZP"}),
        ({"pos": (284.0, -67.0, 285.0, -67.0, 284.5, -66.0)}, {"real/1904-66_AZP"}),
        ({"band": (0.2, 0.3)}, {"radio/hydrogen_iquv"}),
        ({"time": ("2017-06-09", "2017-06-10")}, {"meridian/ra_zero_g"}),
        ({"pol": ["I", "V"]}, {"radio/hydrogen_iquv"}),
        ({"field_of_view": (10, 20)}, {"real/1904-66_AZP"}),
        ({"spatial_resolution": (800, 900)}, {"real/1904-66_AZP"}),
        ({"spectral_resolving_power": (1000, float("inf"))}, {"radio/hydrogen_iquv"}),
        ({"exptime": (20, 40)}, {"exposure/visit_0042_r"}),
        ({"timeres": (20000, 30000)}, {"radio/hydrogen_iquv"}),
        ({"publisher_did": "ivo://sodalite.local/demo?real/comp.fits"}, {"real/comp"}),
        ({"facility": "Sodalite Array"}, {"radio/hydrogen_iquv"}),
        ({"collection": "demo", "data_type": "cube"}, {"radio/hydrogen_iquv"}),
        ({"instrument": "L-BAND"}, {"radio/hydrogen_iquv"}),
        ({"calib_level": 2, "target_name": "NGC 1316"}, {"real/comp"}),
        ({"res_format": "application/gzip"}, {"real/dist_lookup"}),
    ],
)
def test_every_parameter_finds(sia: SIA2Service, constraint: dict[str, Any], expected: set[str]) -> None:
    """What pyvo sends for each of its arguments finds what it should."""
    assert expected == keys(sia.search(**constraint))


def test_several_positions_and_a_limit(sia: SIA2Service) -> None:
    """A list of positions is one request; pyvo reads the metadata of no rows."""
    found = sia.search(pos=[(284.84, -66.283, 0.1), (50.687, -37.201, 0.1)])

    assert {"real/1904-66_AZP", "real/comp"} == keys(found)
    assert 0 == len(sia.search(maxrec=0))


def test_a_refusal_is_told(sia: SIA2Service) -> None:
    """The message of the service reaches the user."""
    with pytest.raises(DALQueryError, match="UsageFault: BAND"):
        sia.search(BAND="abc")


def test_from_a_row_to_its_links(sia: SIA2Service) -> None:
    """Pyvo follows the row to its links."""
    (row,) = sia.search(publisher_did="ivo://sodalite.local/demo?real/m13.fits")

    assert "#this" in {link.semantics for link in row.getdatalink()}
