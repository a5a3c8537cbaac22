"""The polynomials of SIP as they are read from the cards alone."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from cutout_samples import image, write

from soda_core.cutout import NoSky
from soda_core.cutout.coordinates import coordinates_of, world_alone
from soda_core.cutout.file import FitsFile
from soda_core.cutout.quiet import quiet
from soda_core.cutout.sip import sip_of
from soda_core.cutout.world import world_of

TAN = {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP", "CRPIX1": 50.5, "CRPIX2": 40.25, "RADESYS": "ICRS"}
TAN |= {"CRVAL1": 359.99, "CRVAL2": 20.0, "CD1_1": -0.01, "CD1_2": 1e-4, "CD2_1": 1e-4, "CD2_2": 0.01}
FORWARD = {"A_ORDER": 3, "B_ORDER": 2, "A_2_0": 1e-5, "A_0_3": -2.5e-8, "B_1_1": 3e-6, "A_DMAX": 1.5}
BACK = {"AP_ORDER": 2, "BP_ORDER": 3, "AP_1_0": -1e-6, "AP_2_0": -1e-5, "BP_0_3": 1e-8}

ALONE: dict[str, dict[str, Any]] = {
    "forward": FORWARD,
    "both ways": FORWARD | BACK,
    "terms beyond the order": FORWARD | {"B_3_0": 1.0},
    "latitude first": FORWARD | {"CTYPE1": "DEC--TAN-SIP", "CTYPE2": "RA---TAN-SIP"},
}
BY_ASTROPY: dict[str, dict[str, Any]] = {
    "a type without SIP": FORWARD | {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN"},
    "a type alone": {},
    "one order": {"A_ORDER": 2, "A_2_0": 1e-5},
    "orders of 1": FORWARD | {"A_ORDER": 1, "B_ORDER": 1},
    "one way back without the other": FORWARD | {"AP_ORDER": 2, "AP_2_0": 1e-5},
    "an order that is text": FORWARD | {"A_ORDER": "two"},
}


def read(cards: dict[str, Any], folder: Path) -> FitsFile:
    """Return a file with one image that has *cards*."""
    return FitsFile(write(folder / "image.fits", image(TAN | cards, (80, 100), kind=fits.PrimaryHDU)))


@pytest.mark.parametrize("cards", [*ALONE.values(), *BY_ASTROPY.values()], ids=[*ALONE, *BY_ASTROPY])
def test_the_short_way_gives_the_same_sky(cards: dict[str, Any], tmp_path: Path) -> None:
    """To the last digit, and the same refusal, whether astropy has to look at the cards or not."""
    file = read(cards, tmp_path)
    alone = coordinates_of(file.images[0])
    try:
        whole = world_of(file.content, file.images[0])
    except NoSky as error:
        with pytest.raises(NoSky, match=re.escape(str(error))):
            world_alone(file.content, alone)
        return
    part = world_alone(file.content, alone)
    pixels = np.random.default_rng(3).uniform(-50, 150, (50, 2))
    with quiet():
        np.testing.assert_array_equal(whole.all_pix2world(pixels, 0), part.all_pix2world(pixels, 0))
    for name in ("a", "b", "ap", "bp", "crpix"):
        np.testing.assert_array_equal(getattr(whole.sip, name, None), getattr(part.sip, name, None))


@pytest.mark.parametrize("name", ALONE)
def test_clear_cards_need_nobody_else(name: str, tmp_path: Path) -> None:
    """Usual cards are read here."""
    assert sip_of(read(ALONE[name], tmp_path).images[0].cards()) is not None


@pytest.mark.parametrize("name", BY_ASTROPY)
def test_unclear_cards_are_left_to_astropy(name: str, tmp_path: Path) -> None:
    """What could be meant in two ways is not guessed."""
    assert sip_of(read(BY_ASTROPY[name], tmp_path).images[0].cards()) is None
