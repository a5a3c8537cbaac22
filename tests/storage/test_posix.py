"""Files below one folder."""

from pathlib import Path

import pytest

from soda_core.storage import Posix, StorageError


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
