"""Files below one folder."""

from pathlib import Path

import pytest

from soda_core.storage import Entry, Posix, Refused, StorageError


@pytest.fixture
def archive(tmp_path: Path) -> Posix:
    """Return an archive of one file, a link to it, and a link that leads out."""
    root = tmp_path / "root"
    (root / "a").mkdir(parents=True)
    (root / "a" / "b.fits").write_bytes(b"0123456789")
    (root / "inner.fits").symlink_to(root / "a" / "b.fits")
    (tmp_path / "secret").write_bytes(b"no")
    (root / "outer.fits").symlink_to(tmp_path / "secret")
    (root / "loop").symlink_to(root / "loop")
    return Posix(root)


@pytest.mark.parametrize("key", ["a/b.fits", "inner.fits", "a/../a/b.fits"])
def test_a_file_inside_is_read_in_pieces(archive: Posix, key: str) -> None:
    """A key that stays inside gives size and bytes."""
    assert archive.find(key).size == 10
    assert list(archive.chunks(key, 4)) == [b"0123", b"4567", b"89"]


@pytest.mark.parametrize(
    "key", ["", "..", ".", "a", "../secret", "outer.fits", "/etc/passwd", "no", "a\0b", "loop"]
)
def test_what_leaves_the_archive_is_refused(archive: Posix, key: str, tmp_path: Path) -> None:
    """Links and dots that lead out, folders and missing files are refused without naming the folder."""
    with pytest.raises(StorageError) as caught:
        archive.find(key)

    assert str(tmp_path) not in str(caught.value)


def test_a_walk_meets_what_may_be_read(archive: Posix, tmp_path: Path) -> None:
    """Files by name, links inside; nothing hidden, no other suffix, no link that leads out."""
    (tmp_path / "root" / ".hidden.fits").write_bytes(b"")
    (tmp_path / "root" / "notes.txt").write_bytes(b"")
    met = [entry for entry in archive.walk((".fits",)) if isinstance(entry, Entry)]

    assert ["inner.fits", "a/b.fits"] == [entry.key for entry in met]
    assert [10, 10] == [entry.size for entry in met]
    assert met[1].mtime_ns == (tmp_path / "root" / "a" / "b.fits").stat().st_mtime_ns
    assert ["a/b.fits"] == [entry.key for entry in archive.walk((".fits",), "a")]
    assert ["a/b.fits"] == [entry.key for entry in archive.walk((".fits",), "a/b.fits")]


def test_a_walk_tells_what_it_cannot_look_into(archive: Posix) -> None:
    """A place that is not there is refused as a folder, by its key."""
    [refused] = archive.walk((".fits",), "gone")

    assert isinstance(refused, Refused)
    assert ("gone", True) == (refused.key, refused.folder)
