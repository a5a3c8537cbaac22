"""Published files: cut rightly or refused in words."""

import tomllib
from pathlib import Path
from typing import Any

import astropy
import pytest
from cutout_samples import brute_box, sky_box, sky_difference

from soda_core.cutout import NothingSelected, Span, cut
from soda_core.cutout.source import Source
from soda_core.cutout.world import pixel_sky, world_of
from soda_core.dali.errors import DaliError
from soda_core.dali.shapes import Circle
from soda_core.sky import sky_region

REAL = Path(__file__).parents[3] / "shared" / "data" / "real"
INDEX = REAL / "INDEX.toml"
ANYWHERE = (10.0, 10.0, 1.0)
LARGE = 1 << 22
"""Pixels above which not every one is tried."""


def entries() -> list[Any]:
    """Return the files with their tests, none if the reference data are absent."""
    if not INDEX.exists():
        return []
    tables = tomllib.loads(INDEX.read_text())
    files = [(REAL / table["name"], table["test"]) for table in tables["file"]]
    packaged = [
        (Path(astropy.__file__).parent / table["path"], table["test"]) for table in tables["package_file"]
    ]
    return [pytest.param(path, test, id=path.name) for path, test in packaged + files]


@pytest.mark.skipif(not INDEX.exists(), reason="the reference data is not here")
@pytest.mark.parametrize(("path", "test"), entries())
def test_a_published_file_is_cut_rightly_or_refused(path: Path, test: dict[str, Any], tmp_path: Path) -> None:
    """Values and sky are the parent's, no centre is missed and no row too many; or the text says why not."""
    circle = Circle(*test.get("circle", ANYWHERE))
    if test["expect"] == "refuse":
        with pytest.raises((DaliError, NothingSelected)) as caught:
            cut(path, [circle])
        assert str(REAL) not in str(caught.value)
        return
    with cut(path, [circle]) as cutout:
        data = bytes(cutout)
        parts = cutout.parts
        assert len(data) == cutout.size
    (tmp_path / "cutout.fits").write_bytes(data)
    parent, child = Source(path), Source(tmp_path / "cutout.fits")
    skies = 0
    for place, part in enumerate(parts):
        if part.treatment != "cut":
            continue
        before, after = parent.parts[part.index], child.parts[place]
        whole = tuple(Span(0, count) for count in part.shape)
        assert before.pixels(part.spans).tobytes() == after.pixels(whole).tobytes()
        one = pixel_sky(world_of(parent, before), before)
        two = pixel_sky(world_of(child, after), after)
        if one is not None and two is not None:
            skies += 1
            assert sky_difference(one, two, part) < 1e-9
            if one.shape[0] * one.shape[1] <= LARGE:
                assert brute_box(one, sky_region(circle)) in (sky_box(one, part), None)
    parent.close()
    child.close()

    assert skies > 0
