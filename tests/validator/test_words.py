"""Units and UCDs: what is right, and what is said of what is wrong."""

import pytest
from volint.ucds import ucd_remarks
from volint.units import unit_remarks

RIGHT = [
    *(
        "deg",
        "km/(s.Mpc)",
        "10**-7J/m**2",
        "Jy/beam",
        "1",
        "%",
        "m**(1/2)",
        "log(Hz)",
        "'furlong'/s",
        "k'furlong'",
    ),
    *("k'furlong'", "1/s", "W.s**-1.cm**-2.m**-1", "Kibyte", "mas", "adu/s", "kbyte", "m/s**2", "10**3"),
]
WRONG = {
    "degrees": ("warning", "deg is meant"),
    "m2": ("warning", "written **"),
    "m^2": ("warning", "written **"),
    "a/b/c": ("warning", "second /"),
    "m**0.5": ("warning", "brackets"),
    "mag(AB)": ("warning", "'('"),
    "none": ("warning", "no unit"),
    "dam": ("warning", "prefix da"),
    "m**(1/2": ("warning", "not closed"),
    "10**3 m": ("warning", "' '"),
    "m.": ("warning", "too early"),
    "furlong": ("info", "no symbol"),
    "kmas": ("info", "no symbol"),
    "Angstrom": ("info", "deprecated"),
}


@pytest.mark.parametrize("unit", RIGHT)
def test_units_of_the_standard_are_right(unit: str) -> None:
    """Nothing is said of them."""
    assert [] == list(unit_remarks(unit))


@pytest.mark.parametrize("unit", WRONG)
def test_a_wrong_unit_is_explained(unit: str) -> None:
    """One sentence says what is wrong, and how bad that is."""
    level, words = WRONG[unit]
    (remark,) = unit_remarks(unit)

    assert level == remark.level
    assert words in remark.message


@pytest.mark.parametrize(
    "ucd",
    [
        "pos.eq.ra;meta.main",
        "phot.mag;em.opt.B",
        "stat.error;pos.eq.ra",
        "META.ID;meta.main",
        "VOX:Image_Title",
    ],
)
def test_words_in_their_places_are_right(ucd: str) -> None:
    """Words compare without case; those of others are left alone."""
    assert [] == list(ucd_remarks(ucd))


@pytest.mark.parametrize(
    ("ucd", "level", "words"),
    [
        ("meta.main;pos.eq.ra", "warning", "cannot be the first"),
        ("pos.eq.ra;stat.error", "warning", "only be the first"),
        ("pos.eq.rha", "warning", "no word"),
        ("em.opt.B.Hbeta", "warning", "em.line.Hbeta"),
        ("pos.eq.ra; meta.main", "warning", "joined by ;"),
        ("POS_EQ_RA_MAIN", "info", "first kind"),
        ("", "info", "empty"),
    ],
)
def test_a_wrong_ucd_is_explained(ucd: str, level: str, words: str) -> None:
    """The first thing said is what is wrong."""
    remark = next(ucd_remarks(ucd))

    assert level == remark.level
    assert words in remark.message
