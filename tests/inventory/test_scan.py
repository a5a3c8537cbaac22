"""The inventory follows the folder."""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from small import archive_of, did_of, image, settings_of

from soda_core.dali import NotFoundError
from soda_core.inventory import Inventory, InventoryError
from soda_core.settings import Collection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from soda_core.services import Archive


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one image."""
    image(tmp_path / "sky" / "a.fits")
    return tmp_path / "sky"


@pytest.fixture
def archive(folder: Path) -> Iterator[Archive]:
    """The archive of that folder."""
    with archive_of(settings_of(folder)) as opened:
        yield opened


def keys(archive: Archive) -> list[str]:
    """Return the keys of all datasets."""
    return [dataset.key for dataset in archive.datasets()]


def test_nothing_new_is_not_read_again(archive: Archive) -> None:
    """A second look reads no header."""
    assert (1, 0, ()) == _told(archive)


def test_a_new_file_is_seen(archive: Archive, folder: Path) -> None:
    """A file that came is there after the next look, also in a new folder."""
    image(folder / "deep" / "er" / "b.fits")

    assert (2, 1, ()) == _told(archive)
    assert ["a.fits", "deep/er/b.fits"] == keys(archive)


def test_a_changed_file_is_read_again(archive: Archive, folder: Path) -> None:
    """What a changed file covers now is what the inventory says."""
    image(folder / "a.fits", side=16)

    assert (1, 1, ()) == _told(archive)
    assert (16, 16) == archive.dataset(did_of("a.fits")).axes


def test_a_moved_file_has_a_new_identifier(archive: Archive, folder: Path) -> None:
    """The old identifier of a file that moved names nothing."""
    (folder / "a.fits").rename(folder / "b.fits")
    archive.refresh()

    assert ["b.fits"] == keys(archive)
    with pytest.raises(NotFoundError, match=r"\?a\.fits': this service has no such dataset"):
        archive.dataset(did_of("a.fits"))


def test_a_deleted_file_is_forgotten(archive: Archive, folder: Path) -> None:
    """A file that went is not there after the next look."""
    (folder / "a.fits").unlink()

    assert (0, 0, ()) == _told(archive)


BAD = {
    "empty": b"",
    "text": b"this is no FITS file\n" * 200,
    "cut short": b"SIMPLE  =                    T" + b" " * 50,
    "gzip of nothing": gzip.compress(b"")[:12],
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_left_out_and_kept_in_mind(archive: Archive, folder: Path, content: bytes) -> None:
    """A bad file is told with its reason at each look, but read once."""
    (folder / "bad.fits").write_bytes(content)
    first, second = archive.refresh(), archive.refresh()

    assert (1, 1, 1) == (first.datasets, first.fresh, len(first.skipped))
    assert ("bad.fits", True) == (first.skipped[0][0], bool(first.skipped[0][1]))
    assert (1, 0, first.skipped) == (second.datasets, second.fresh, second.skipped)


def test_a_repaired_file_is_taken_in(archive: Archive, folder: Path) -> None:
    """A bad file that was made good is a dataset."""
    (folder / "b.fits").write_bytes(b"bad")
    archive.refresh()
    image(folder / "b.fits")

    assert (2, 1, ()) == _told(archive)


@pytest.mark.parametrize("value", ["'1..2'", "-1", "'x", "1E400", "T", "9" * 20])
@pytest.mark.parametrize(
    "keyword", ["BITPIX", "NAXIS", "NAXIS1", "CRVAL1", "CDELT1", "CTYPE1", "WCSAXES", "CPDIS1"]
)
def test_no_header_ends_the_scan(archive: Archive, folder: Path, keyword: str, value: str) -> None:
    """Whatever a header says, the other files are found."""
    content = image(folder / "b.fits").read_bytes()
    card = f"{keyword:8}= {value:>20}".ljust(80).encode()
    at = content.find(f"{keyword:8}=".encode())
    if at < 0:
        at = content.find(b"END     ")
        card += b"END".ljust(80)
    (folder / "b.fits").write_bytes(content[:at] + card + content[at + len(card) :])
    scan = archive.refresh()

    assert "a.fits" in keys(archive)
    assert 2 == scan.datasets + len(scan.skipped)


def test_a_packed_file_is_recorded_as_such(archive: Archive, folder: Path) -> None:
    """The media type is that of the file as it lies there."""
    (folder / "b.fits.gz").write_bytes(gzip.compress((folder / "a.fits").read_bytes()))
    archive.refresh()

    assert {"a.fits": "application/fits", "b.fits.gz": "application/gzip"} == {
        dataset.key: dataset.media_type for dataset in archive.datasets()
    }


def test_hidden_files_and_other_files_are_not_taken(archive: Archive, folder: Path) -> None:
    """Hidden files and folders, files of another kind and folders that look like files are no datasets."""
    image(folder / ".hidden.fits")
    image(folder / ".cache" / "b.fits")
    (folder / "notes.txt").write_text("notes")
    (folder / "x.fits").mkdir()
    os.mkfifo(folder / "pipe.fits")

    assert (1, 0, ()) == _told(archive)


def test_a_file_in_a_folder_that_looks_like_a_file(archive: Archive, folder: Path) -> None:
    """A folder may be called x.fits."""
    image(folder / "x.fits" / "b.fits")

    assert (2, 1, ()) == _told(archive)


def test_links_stay_in_the_folder(archive: Archive, folder: Path, tmp_path: Path) -> None:
    """A link to a file of the folder is one more dataset; one that leads out or round is none, and told."""
    image(tmp_path / "secret" / "s.fits")
    (folder / "out.fits").symlink_to(tmp_path / "secret" / "s.fits")
    (folder / "outdir").symlink_to(tmp_path / "secret")
    (folder / "round.fits").symlink_to("round.fits")
    (folder / "gone.fits").symlink_to("nothing.fits")
    (folder / "link.fits").symlink_to("a.fits")

    aside = "it is a link that leads out of the folder, or to no file"
    expected = {
        "gone.fits": aside,
        "out.fits": aside,
        "outdir": "it is a link to a folder, and those are not followed",
        "round.fits": aside,
    }
    assert (2, 1, expected) == (*(told := _told(archive))[:2], dict(told[2]))
    assert ["a.fits", "link.fits"] == keys(archive)


NAMES = {
    "with blank.fits": "with%20blank.fits",
    "a#b.fits": "a%23b.fits",
    "a+b.fits": "a%2Bb.fits",
    "a%20b.fits": "a%2520b.fits",
    "a?b&c=d.fits": "a%3Fb%26c%3Dd.fits",
    "ünï.FITS": "%C3%BCn%C3%AF.FITS",
    "銀河.fit": "%E9%8A%80%E6%B2%B3.fit",
    'it\'s "quoted".fts': "it%27s%20%22quoted%22.fts",
    "sub dir/x~1.fits": "sub%20dir/x~1.fits",
}


@pytest.mark.parametrize(("name", "escaped"), NAMES.items())
def test_identifiers_carry_any_name(archive: Archive, folder: Path, name: str, escaped: str) -> None:
    """An identifier escapes what is special, and names its file in any case."""
    image(folder / name)
    archive.refresh()

    for did in (did_of(escaped), did_of(escaped).upper(), did_of(escaped).lower()):
        dataset = archive.dataset(did)
        assert (did_of(escaped), name) == (dataset.did, dataset.key)
        assert folder / name == archive.path(dataset)


def test_names_that_differ_in_case_only(archive: Archive, folder: Path) -> None:
    """Of two files that have one identifier, the first is the dataset and the other is told."""
    image(folder / "A.fits", side=16)
    scan = archive.refresh()

    assert (1, 1, (("a.fits", "its name differs from 'A.fits' in case only"),)) == (
        scan.datasets,
        scan.fresh,
        scan.skipped,
    )
    assert "A.fits" == archive.dataset(did_of("a.fits")).key


def test_the_other_takes_its_place(archive: Archive, folder: Path) -> None:
    """When the first of two such files goes, the other is the dataset."""
    image(folder / "A.fits")
    archive.refresh()
    (folder / "A.fits").unlink()

    assert (1, 1, ()) == _told(archive)
    assert ["a.fits"] == keys(archive)


@pytest.mark.parametrize(
    ("name", "told"), [(b"latin-\xe9.fits", "latin-\\udce9.fits"), (b"bell\x07.fits", "bell\\x07.fits")]
)
def test_names_that_are_no_text_are_told(archive: Archive, folder: Path, name: bytes, told: str) -> None:
    """A name that no document can carry leaves its file out, and is told with escapes."""
    path = os.path.join(os.fsencode(folder), name)  # noqa: PTH118 - bytes
    os.link(folder / "a.fits", path)

    assert (1, 0, ((told, "its name is not UTF-8 text without control characters"),)) == _told(archive)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_what_cannot_be_read_is_told(archive: Archive, folder: Path) -> None:
    """A file and a folder without permission are left out with a reason."""
    image(folder / "b.fits").chmod(0)
    (folder / "closed").mkdir(mode=0)
    scan = archive.refresh()

    assert 1 == scan.datasets
    assert {"b.fits", "closed"} == {key for key, _ in scan.skipped}


def test_a_collection_that_was_removed_is_forgotten(tmp_path: Path) -> None:
    """Datasets of a collection that the settings no longer name are gone."""
    image(tmp_path / "one" / "a.fits")
    image(tmp_path / "two" / "b.fits")
    both = tuple(Collection(name=name, folder=tmp_path / name) for name in ("one", "two"))
    settings = settings_of(tmp_path / "one").model_copy(update={"collections": both})
    with archive_of(settings) as archive:
        assert ["a.fits", "b.fits"] == keys(archive)
    with archive_of(settings.model_copy(update={"collections": both[1:]})) as archive:
        assert ["b.fits"] == keys(archive)


def test_another_authority_gives_other_identifiers(folder: Path) -> None:
    """Identifiers follow the authority, also in an inventory that knows the files."""
    settings = settings_of(folder)
    with archive_of(settings):
        pass
    with archive_of(settings.model_copy(update={"authority": "other.example"})) as archive:
        assert ["ivo://other.example/c?a.fits"] == [dataset.did for dataset in archive.datasets()]


def test_many_files_in_several_batches(archive: Archive, folder: Path) -> None:
    """More files than one batch holds are all recorded."""
    for number in range(230):
        os.link(folder / "a.fits", folder / f"n{number}.fits")

    assert (231, 230, ()) == _told(archive)
    assert 231 == archive.inventory.count()


def test_an_inventory_of_an_older_version_is_made_anew(folder: Path) -> None:
    """Tables from before layouts had numbers are replaced, for all they hold can be read again."""
    settings = settings_of(folder)
    with closing(sqlite3.connect(settings.inventory_place)) as connection:
        connection.execute("CREATE TABLE dataset (did_folded VARCHAR PRIMARY KEY, title VARCHAR)")
        connection.execute("INSERT INTO dataset VALUES ('ivo://old', 'old')")
        connection.commit()
    with archive_of(settings) as archive:
        assert ["a.fits"] == [dataset.title for dataset in archive.datasets()]


@pytest.mark.parametrize(
    "place", ["nonsense://x", "sqlite:////proc/nowhere/x.sqlite", "/proc/nowhere/x.sqlite"]
)
def test_an_inventory_that_cannot_be_opened(place: str) -> None:
    """A database that is not there is told in one line."""
    with pytest.raises(InventoryError, match=r"^the inventory cannot be opened: ") as caught:
        Inventory(place)

    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """A file of another kind is told, and left as it is."""
    (tmp_path / "x.sqlite").write_bytes(b"no database" * 100)

    with pytest.raises(InventoryError, match="file is not a database"):
        Inventory(str(tmp_path / "x.sqlite"))


READER = """
import sys
from soda_core.inventory import Inventory
inventory = Inventory(sys.argv[1])
seen = set()
print("ready", flush=True)
for _ in range(10000):
    seen.add(inventory.count())
    inventory.dataset("ivo://sodalite.local/c?a.fits")
    if 121 in seen:
        break
inventory.close()
print(min(seen), max(seen))
"""


def test_others_read_while_one_writes(archive: Archive, folder: Path) -> None:
    """Two more processes find what they look for all the time that a scan writes."""
    place = settings_of(folder).inventory_place
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(READER), place]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for reader in readers:
        assert reader.stdout
        assert "ready\n" == reader.stdout.readline()
    for number in range(120):
        os.link(folder / "a.fits", folder / f"n{number}.fits")
    archive.refresh()

    assert [("1 121\n", 0)] * 2 == [
        (reader.communicate(timeout=60)[0], reader.returncode) for reader in readers
    ]


def _told(archive: Archive) -> tuple[int, int, tuple[tuple[str, str], ...]]:
    """Look again, and return what was found."""
    scan = archive.refresh()
    return scan.datasets, scan.fresh, scan.skipped
