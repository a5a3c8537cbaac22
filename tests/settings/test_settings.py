"""What a deployment says of itself."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from soda_core.settings import Collection, Settings, SettingsError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take the settings of the machine away."""
    for name in [name for name in os.environ if name.startswith("SODALITE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def written(folder: Path, text: str) -> Path:
    """Write a settings file."""
    path = folder / "sodalite.toml"
    path.write_text(text, "utf-8")
    return path


def test_defaults() -> None:
    """Without a word from anybody there is a title, an authority and no collection."""
    settings = Settings.from_environment()

    assert ("Sodalite", "sodalite.local", "", ()) == (
        settings.title,
        settings.authority,
        settings.base_url,
        settings.collections,
    )


def test_a_file_with_folders_beside_it(tmp_path: Path) -> None:
    """Folders and the inventory are relative to the file that names them."""
    (tmp_path / "sky").mkdir()
    path = written(
        tmp_path,
        'title = "Ω"\ninventory = "my.sqlite"\n[[collections]]\nname = "sky"\nfolder = "sky"\n',
    )

    settings = Settings.from_file(path)

    assert ("Ω", str(tmp_path / "my.sqlite")) == (settings.title, settings.inventory_place)
    assert (Collection(name="sky", folder=tmp_path / "sky"),) == settings.collections


def test_the_environment_beats_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment says counts, whatever the file says of the same setting."""
    monkeypatch.setenv("SODALITE_TITLE", "from outside")
    path = written(tmp_path, 'title = "from the file"\nauthority = "file.example"\n')

    settings = Settings.from_file(path)

    assert ("from outside", "file.example") == (settings.title, settings.authority)


def test_a_folder_that_is_given_beats_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who names a folder on the command line is served that folder."""
    monkeypatch.setenv("SODALITE_COLLECTIONS", "[]")

    assert [tmp_path] == [collection.folder for collection in Settings.for_folder(tmp_path).collections]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("titel = 'x'", "unknown setting 'titel'; did you mean 'title'?"),
        ("zzz = 1", "unknown setting 'zzz'"),
        ("authority = '!'", "authority: String should match pattern"),
        ("base_url = 'ftp://x'", "base_url: String should match pattern"),
        ('title = "a\\u0007"', "title: String should match pattern"),
        ("cutout_threads = 0", "cutout_threads: Input should be greater than or equal to 1"),
        ("cutout_threads = 'many'", "cutout_threads: Input should be a valid integer"),
        ("collections = 3", "collections: Input should be a valid tuple"),
        ("collections = [1]", "collections.0: Input should be a valid dictionary"),
        ("[[collections]]\nname = 'a'", "collections.0.folder: Field required"),
        ("[[collections]]\nname = 'a'\nfolder = 3", "collections.0.folder: Input is not a valid path"),
        ("[[collections]]\nname = 'a'\nfolder = 'nowhere'", "nowhere' is not a folder"),
        ("[[collections]]\nname = 'a'\nfoldr = '.'", "collections.0.folder: Field required"),
        ("[[collections]]\nname = '.a'\nfolder = '.'", "collections.0.name: String should match pattern"),
        (
            "[[collections]]\nname = 'a'\nfolder = '.'\n[[collections]]\nname = 'A'\nfolder = '.'",
            "collections: the name 'a' is given twice",
        ),
        ("title = ", "Invalid value (at end of document)"),
    ],
)
def test_a_wrong_file_is_told_with_its_name(tmp_path: Path, text: str, message: str) -> None:
    """A mistake in the file is told in one line with the file and the setting."""
    path = written(tmp_path, text)

    with pytest.raises(SettingsError) as caught:
        Settings.from_file(path)

    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    """A file that is no UTF-8 is told, not thrown."""
    path = tmp_path / "sodalite.toml"
    path.write_bytes(b"title = '\xff'")

    with pytest.raises(SettingsError, match="can't decode"):
        Settings.from_file(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file is told with its name."""
    with pytest.raises(SettingsError, match=r"gone\.toml: No such file or directory$"):
        Settings.from_file(tmp_path / "gone.toml")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "SODALITE_CUTOUT_THREADS",
            "x",
            "environment: SODALITE_CUTOUT_THREADS: Input should be a valid integer",
        ),
        ("SODALITE_COLLECTIONS", "nonsense", "environment: "),
        (
            "SODALITE_COLLECTIONS",
            '[{"name": "a"}]',
            "environment: SODALITE_COLLECTIONS.0.folder: Field required",
        ),
    ],
)
def test_a_wrong_variable_is_told_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    """A mistake in the environment is not blamed on the file."""
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        Settings.from_file(written(tmp_path, "title = 'right'"))

    assert str(caught.value).startswith(message)


ODD = ["plain", "with blanks", "ünï", "a%20b", "what?", "a#b", "it's", "[x]", "a;b=c"]


@pytest.mark.parametrize("folder", ODD)
def test_settings_go_through_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """A server process gets the settings of the command that started it, however the folder is called."""
    (tmp_path / folder).mkdir()
    settings = Settings.for_folder(tmp_path / folder).model_copy(update={"title": '5 "quoted" – Ω'})
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)

    again = Settings.from_environment()

    assert settings == again
    assert settings.inventory_place == again.inventory_place


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("sky", "sky"),
        ("my sky", "my-sky"),
        ("ünï", "n"),
        ("Ω", "data"),
        (".hidden", "hidden"),
        ("a b!", "a-b"),
    ],
)
def test_a_collection_is_named_after_its_folder(tmp_path: Path, folder: str, name: str) -> None:
    """The name is what an identifier can carry of the folder's."""
    (tmp_path / folder).mkdir()

    assert name == Settings.for_folder(tmp_path / folder).collections[0].name


def test_the_cache_is_the_place_of_the_inventory(tmp_path: Path) -> None:
    """By default the inventory is a file in the cache, another one for other folders."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    one, two = (Settings.for_folder(tmp_path / name).inventory_place for name in "ab")

    assert one.startswith(str(tmp_path / "cache" / "sodalite" / "inventory-"))
    assert one != two


@pytest.mark.parametrize("home", ["/proc/nowhere", "/dev/null"])
def test_without_a_home_the_inventory_is_a_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    """Where the cache cannot be written, a folder of this user's among the temporary files serves."""
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", home)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    place = Settings.for_folder(tmp_path).inventory_place

    assert place.startswith(str(tmp_path / f"sodalite-{os.getuid()}"))
    assert 0o700 == (tmp_path / f"sodalite-{os.getuid()}").stat().st_mode & 0o777


def test_a_temporary_folder_of_somebody_else_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link laid out by another user is refused, with the setting that helps."""
    (tmp_path / f"sodalite-{os.getuid()}").symlink_to(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with pytest.raises(SettingsError, match="belongs to somebody else; set SODALITE_INVENTORY"):
        _ = Settings.for_folder(tmp_path).inventory_place


@pytest.mark.parametrize(
    ("given", "jobs", "results"),
    [
        ({"inventory": "/a/sky.sqlite"}, "/a/sky-jobs.sqlite", "/a/sky-jobs-results"),
        ({"inventory": "sqlite:////a/sky.db"}, "/a/sky-jobs.sqlite", "/a/sky-jobs-results"),
        ({"inventory": "/a/sky.sqlite", "jobs": "/b/j.sqlite"}, "/b/j.sqlite", "/b/j-results"),
        ({"jobs": "/b/j.sqlite", "results": "/c"}, "/b/j.sqlite", "/c"),
        ({"inventory": "postgresql://h/d", "results": "/c"}, "postgresql://h/d", "/c"),
    ],
)
def test_jobs_lie_beside_the_inventory(given: dict[str, Any], jobs: str, results: str) -> None:
    """The job list and the results have a place of their own unless the settings name one."""
    settings = Settings(**given)

    assert (jobs, results) == (settings.jobs_place, settings.results_place)


def test_a_bucket_is_a_place_of_results_with_the_way_to_it(tmp_path: Path) -> None:
    """What other processes need to open it is in its place, but no key."""
    text = 'results = "s3://bucket/a/b"\nresults_endpoint = "https://s3.example"\nresults_signed = 60\n'

    settings = Settings.from_file(written(tmp_path, text))

    told = "s3://bucket/a/b?endpoint=https%3A%2F%2Fs3.example&patience=20&signed=60"
    assert told == settings.results_place


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('results = "s3://"', "results: 's3://' is neither a folder nor s3://bucket/prefix"),
        ('results = "gs://bucket"', "results: 'gs://bucket' is neither a folder nor s3://bucket/prefix"),
        ('broker = "kafka://u:secret@h"', "broker: expected an address that begins with one of redis://"),
        ('broker_queue = "a b"', "broker_queue: String should match pattern"),
    ],
)
def test_places_that_cannot_be_are_refused(tmp_path: Path, text: str, told: str) -> None:
    """In words, without a password."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_file(written(tmp_path, text))

    assert told in str(caught.value)
    assert "secret" not in str(caught.value)


def test_jobs_of_an_inventory_in_memory_lie_in_the_cache(tmp_path: Path) -> None:
    """Workers are processes of their own: they share files."""
    settings = Settings(inventory="sqlite://")

    assert settings.jobs_place.startswith(str(tmp_path / "cache" / "sodalite" / "jobs-"))
    assert settings.results_place.startswith(str(tmp_path / "cache" / "sodalite" / "jobs-"))


def test_the_places_of_jobs_are_relative_to_the_file(tmp_path: Path) -> None:
    """As all paths of a settings file are."""
    settings = Settings.from_file(written(tmp_path, 'jobs = "j.sqlite"\nresults = "out"\n'))

    assert (str(tmp_path / "j.sqlite"), str(tmp_path / "out")) == (
        settings.jobs_place,
        settings.results_place,
    )
