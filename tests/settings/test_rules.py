"""Rules of a collection are judged when the settings are read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from soda_core.inventory.presets import PRESETS as SETS
from soda_core.settings import PRESETS, Collection, Settings, SettingsError

PAGE = Path(__file__).parents[2] / "docs" / "ingest.md"

WRONG = {
    "preset = 'sds'": "preset: 'sds' is none of sdss, wise, hsc, lsst; did you mean 'sdss'?",
    "obscore = { targetname = 'x' }": "targetname: is no column of ObsCore; did you mean 'target_name'?",
    "obscore = { obs_collection = 'x' }": "obscore: obs_collection: follows from where the file lies",
    "obscore = { t_exptime = 'EXPTIME' }": "'EXPTIME' is no number; the value of a card is written '{CARD}'",
    "obscore = { dataproduct_type = 'images' }": "dataproduct_type: 'images' is none of image, cube,",
    "obscore = { calib_level = true }": "calib_level: expected text, a number, a list of rules, or a table",
    "obscore = { calib_level = [] }": "calib_level: expected text, a number, a list of rules, or a table",
    "obscore = { s_fov = { crad = 'X' } }": "crad: is none of card, map, offset, scale; did you mean 'card'?",
    "obscore = { s_fov = { scale = 2 } }": "s_fov.card: expected the name of a card, or a list of names",
    "obscore = { s_fov = { card = 'X', scale = '2' } }": "s_fov.scale: '2' is no number",
    "obscore = { s_fov = { card = 'X', map = 3 } }": "s_fov.map: expected a table by what the card says",
    "obscore = { s_fov = ['{A}', 'B'] }": "s_fov: 'B' is no number",
    "obscure = {}": "unknown setting 'collections.0.obscure'; did you mean 'obscore'?",
}


@pytest.mark.parametrize(("line", "told"), WRONG.items(), ids=WRONG.keys())
def test_a_wrong_rule_is_told_in_words(line: str, told: str, tmp_path: Path) -> None:
    """With the file, the setting, and what was meant."""
    path = tmp_path / "sodalite.toml"
    path.write_text(f"[[collections]]\nname = 'c'\nfolder = '.'\n{line}\n")

    with pytest.raises(SettingsError, match=re.escape(told)) as caught:
        Settings.from_file(path)

    assert str(caught.value).startswith(f"{path}: ")


def test_the_rules_of_the_handbook_are_right(tmp_path: Path) -> None:
    """What the page shows is taken as it stands, also by a worker that has it from the environment."""
    [shown] = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    path = tmp_path / "sodalite.toml"
    path.write_text(shown.replace("/data/survey", str(tmp_path)), "utf-8")
    settings = Settings.from_file(path)
    [collection] = settings.collections

    assert ("lsst", 8) == (collection.preset, len(collection.obscore))
    assert collection == Collection.model_validate_json(collection.model_dump_json())


def test_presets_are_those_that_can_be_named(tmp_path: Path) -> None:
    """Each name has rules, and these would pass as rules of a collection."""
    assert set(PRESETS) == set(SETS)
    for rules in SETS.values():
        assert Collection(name="c", folder=tmp_path, obscore=dict(rules)).obscore
