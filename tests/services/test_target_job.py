"""The work behind a list of targets, done in this process."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from support import CENTRE, EXPOSURE, M13, MERIDIAN, TILE

from soda_core import standards
from soda_core.cutout import UnreadableFile, cache, cut
from soda_core.dali import Circle, ColumnChoice, DaliError, UsageError
from soda_core.services import matching, packing, target_job
from soda_core.services.combinations import read
from soda_core.services.manifest import Line, made_of
from soda_core.services.multifits import MultiFits
from soda_core.services.packing import Made, Packing
from soda_core.services.roles import places_of
from soda_core.services.tarbody import Member, TarBody
from soda_core.services.target_job import cut_targets
from soda_core.standards import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from soda_core.cutout.file import FitsFile
    from soda_core.services import Archive

SODA = standards.load("soda")
RA, DEC = CENTRE.split()


@dataclass
class Recorder:
    """A context that keeps what it is told."""

    saved: dict[str, bytes] = field(default_factory=dict)
    told: list[tuple[int, int]] = field(default_factory=list)

    def save(self, name: str, data: Iterable[bytes], media_type: str, label: str = "") -> None:  # noqa: ARG002 - the signature is that of contexts
        """Keep a result."""
        self.saved[name] = b"".join(data)

    def progress(self, done: int, total: int, text: str = "") -> None:  # noqa: ARG002 - the signature is that of contexts
        """Keep the counts."""
        self.told.append((done, total))

    @property
    def manifest(self) -> list[Any]:
        """The rows of the manifest."""
        return list(Table.read(io.BytesIO(self.saved["manifest.vot"]), format="votable"))


def members(packed: bytes) -> dict[str, bytes]:
    """Return the files of an archive by name."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]  # files all


def run(archive: Archive, lines: Iterable[str], **values: str) -> Recorder:
    """Cut at the positions of lines of CSV."""
    pairs = {"UPLOAD": "t,param:t", "RADIUS": "0.01"} | values
    request = read(SODA, SODA.endpoint("async"), tuple(pairs.items()))
    context = Recorder()
    cut_targets(archive, request, io.BytesIO("\n".join(lines).encode()), context)
    return context


def test_archives_are_closed_as_they_fill(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients see whole archives while the job goes on; joined they are one archive, seekable anywhere."""
    monkeypatch.setattr(packing, "PART_FILES", 2)
    done = run(archive, ["ra,dec", *[f"{RA},{DEC}"] * 5], ID=M13)
    parts = {name: packed for name, packed in done.saved.items() if name.startswith("cutouts")}

    shown = [name for name in done.saved if not name.endswith(".part")]
    assert ["cutouts-0001.tar", "cutouts-0002.tar", "cutouts-0003.tar", "manifest.vot"] == shown
    assert [2, 2, 1] == [len(members(packed)) for packed in parts.values()]
    whole = TarBody(
        [Member(name, len(p), partial(io.BytesIO, p), is_archive=True) for name, p in parts.items()],
        datetime.now(UTC),
        "",
    )
    joined = b"".join(whole.chunks())
    assert whole.size == len(joined)
    assert {name: body for packed in parts.values() for name, body in members(packed).items()} == members(
        joined
    )
    for start in (0, 511, 513, len(joined) // 2, len(joined) - 1025, len(joined) - 1):
        assert joined[start:] == b"".join(whole.chunks(start=start))
    assert [name for name, packed in parts.items() for _ in members(packed)] == [
        line["archive"] for line in done.manifest
    ]
    assert (5, 5) == done.told[-1]


def test_each_file_is_opened_once(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the rows are mixed: the cutouts come file by file, and in a file by their place in it."""
    opened: list[str] = []
    plain = cache.FileCache.open

    def noted(self: cache.FileCache, path: str | Path) -> FitsFile:
        opened.append(str(path))
        return plain(self, path)

    monkeypatch.setattr(cache.FileCache, "open", noted)
    dec = float(DEC)
    rows = [f"{RA},{dec + step},{M13}\n358.9,10,{MERIDIAN}" for step in (0.01, -0.02, 0.03, -0.01)]
    done = run(archive, ["ra,dec,dataset", *rows])
    lines = {line["file"]: line for line in done.manifest if line["file"]}
    order = [lines[name]["dataset"] for name in members(done.saved["cutouts-0001.tar"])]
    south = [lines[n]["dec"] for n in members(done.saved["cutouts-0001.tar"]) if lines[n]["dataset"] == M13]

    assert len(opened) == len(set(opened))
    assert sorted(order) == order
    assert sorted(south) == south


def test_datasets_are_found_one_by_one_or_all_at_once(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the database is asked for the positions, or its areas are read once, it is the same."""
    rows = [f"{float(RA) + step / 50},{float(DEC) - step / 90}" for step in range(-150, 150)]
    monkeypatch.setattr(matching, "WORTH", 1000)
    once = run(archive, ["ra,dec", *rows])
    monkeypatch.setattr(matching, "ALL", 0)
    asked = run(archive, ["ra,dec", *rows])

    assert [dict(line) for line in once.manifest] == [dict(line) for line in asked.manifest]
    assert {"OK", "UsageError"} == {line["status"] for line in once.manifest}


def test_positions_without_data_do_not_end_the_job(archive: Archive) -> None:
    """Hundreds of them before the first that can be cut: all are told, the last is cut."""
    done = run(archive, ["ra,dec", *["10,10"] * 300, f"{RA},{DEC}"], ID=M13)

    assert [*range(1, 302)] == [line["row"] for line in done.manifest]
    assert ["UsageError"] * 300 + ["OK"] == [line["status"] for line in done.manifest]
    assert 1 == len(members(done.saved["cutouts-0001.tar"]))


def test_the_most_cutouts_of_a_job_are_told(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that is too long is refused before anything is cut, with the number that is not."""
    monkeypatch.setattr(target_job, "MOST", 3)

    assert 3 == len(run(archive, ["ra,dec", *[f"{RA},{DEC}"] * 3], ID=M13).manifest)
    with pytest.raises(UsageError, match="more than 3 cutouts"):
        run(archive, ["ra,dec", *[f"{RA},{DEC}"] * 4], ID=M13)


def test_a_list_without_any_data_is_complete(archive: Archive) -> None:
    """It was answered: nothing is there. What cannot be understood at all is an error."""
    assert ["manifest-0000.part", "manifest.vot"] == list(run(archive, ["ra,dec", "10,10"], ID=M13).saved)
    with pytest.raises(DaliError, match="three numbers"):
        run(archive, ["ra,dec", "x,10"], ID=M13)


def test_what_was_done_is_told_of_a_job_that_ended_early(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each archive: its files, what failed, and of the rest that the job did not come to it."""
    monkeypatch.setattr(packing, "PART_FILES", 2)
    rows = ["x,10", *[f"{RA},{DEC}"] * 5, "10,10"]
    saved = run(archive, ["ra,dec", *rows], ID=M13).saved
    parts = [io.BytesIO(data) for name, data in saved.items() if name.endswith(".part")]

    def told(count: int) -> list[tuple[str, str]]:
        packed = b"".join(made_of(parts[:count], "ABORTED"))
        for part in parts:
            part.seek(0)
        table = Table.read(io.BytesIO(packed), format="votable")
        return [(line["status"], line["archive"]) for line in table]

    bad = ("UsageError", "")
    assert [bad, *[("ABORTED", "")] * 6] == told(1)
    assert [bad, *[("OK", "cutouts-0001.tar")] * 2, *[("ABORTED", "")] * 3, bad] == told(2)
    assert saved["manifest.vot"] == b"".join(made_of(parts, "ABORTED"))


def test_a_target_in_several_datasets_has_several_files(archive: Archive) -> None:
    """Their names differ, whatever the names of the datasets are."""
    done = run(archive, ["id,ra,dec", f"a/b c,{RA},{DEC}", f"ü,{RA},{DEC}"])
    names = [line["file"] for line in done.manifest]

    assert len(names) == len(set(names)) == len(members(done.saved["cutouts-0001.tar"]))
    assert all(name.isascii() and "/" not in name and " " not in name for name in names)
    assert ["ü"] * (len(names) // 2) == [line["target"] for line in done.manifest if line["row"] == 2]


class Broken:
    """A cutout of which some bytes can be read and no more."""

    media_type = "application/fits"

    def __init__(self, size: int) -> None:
        self.size = size

    def __bytes__(self) -> bytes:
        raise UnreadableFile("the data cannot be read to its end")

    def chunks(self) -> Iterator[bytes]:
        """Yield a beginning."""
        yield b"begun"
        raise UnreadableFile("the data cannot be read to its end")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return


@pytest.mark.parametrize("size", [100, packing.IN_MEMORY + 1])
def test_damage_that_shows_late_harms_no_other(archive: Archive, size: int) -> None:
    """The archive stays whole, the line says what happened."""
    noted: list[Line] = []
    failed: list[tuple[Line, DaliError]] = []
    work = Packing(noted.append, lambda line, error: failed.append((line, error)), None)
    good = [cut(archive.located(M13).path, [Circle(float(RA), float(DEC), 0.01)]) for _ in range(2)]
    made: list[Any] = [
        Made(Line(1, "a", file="1.fits"), good[0]),
        Made(Line(2, "b", file="2.fits"), Broken(size)),  # type: ignore[arg-type]  # as far as it is used here
        Made(Line(3, "c", file="3.fits"), good[1]),
    ]
    packed = b"".join(work.archive("x.tar", made))

    assert [1, 3] == [line.row for line in noted]
    assert [(2, "the data cannot be read to its end")] == [(line.row, str(error)) for line, error in failed]
    assert members(packed)["1.fits"] == members(packed)["3.fits"]


@pytest.mark.parametrize("did", [M13, EXPOSURE, TILE])
def test_every_hdu_becomes_an_extension(archive: Archive, did: str) -> None:
    """Images, empty headers, tables of all kinds: the same data, and headers that hold for an extension."""
    path = archive.located(did).path
    content = path.read_bytes()
    many = MultiFits()
    many.add(7, "Barnard's star", content)
    together = b"".join(many.chunks())
    many.close()

    assert 0 == len(together) % 2880
    with fits.open(io.BytesIO(content)) as alone, fits.open(io.BytesIO(together)) as found:
        found.verify("exception")
        assert 1 + len(alone) == len(found)
        for hdu, twin in zip(alone, found[1:], strict=True):
            assert (7, "Barnard's star") == (twin.header["TGTROW"], twin.header["TARGET"])
            assert (hdu.data is None) == (twin.data is None)
            assert hdu.data is None or np.array_equal(np.asarray(hdu.data), np.asarray(twin.data))
            assert "CHECKSUM" not in twin.header


@pytest.mark.parametrize(
    ("columns", "choices", "expected"),
    [
        ("ra dec", {}, {"ra": 0, "dec": 1}),
        ("DEC RA", {}, {"ra": 1, "dec": 0}),
        ("_RAJ2000 _DEJ2000 recno", {}, {"ra": 0, "dec": 1}),
        ("ra dec lon@pos.eq.ra;meta.main lat@pos.eq.dec;meta.main", {}, {"ra": 2, "dec": 3}),
        ("x@pos.eq.ra y@POS.EQ.DEC n@meta.id", {}, {"ra": 0, "dec": 1, "target": 2}),
        ("ra dec x y", {"ra": "x", "dec": "Y"}, {"ra": 2, "dec": 3}),
        ("s_ra s_dec obs_publisher_did em_min", {}, {"ra": 0, "dec": 1, "dataset": 2}),
        ("ra dec _r@pos.angDistance size", {}, {"ra": 0, "dec": 1}),
    ],
)
def test_columns_are_found(columns: str, choices: dict[str, str], expected: dict[str, int]) -> None:
    """By what the client says, by the main UCD, by usual names, by another UCD; no size by chance."""
    words = [word.partition("@") for word in columns.split()]
    table = [Column(name, "double", "", "", ucd=ucd) for name, _, ucd in words]
    found = places_of(SODA.columns, table, [ColumnChoice(*pair) for pair in choices.items()])

    assert expected == found


@pytest.mark.parametrize(
    ("columns", "choices", "words"),
    [
        ("x y", [], "no column for ra"),
        ("ra decl", [("dec", "dekl")], "no such column; did you mean 'decl'"),
        ("ra dec", [("ra", "ra"), ("ra", "dec")], "given twice"),
    ],
)
def test_columns_that_are_missing_are_told(columns: str, choices: list[tuple[str, str]], words: str) -> None:
    """With the names that there are."""
    table = [Column(name, "double", "", "") for name in columns.split()]

    with pytest.raises(UsageError, match=words):
        places_of(SODA.columns, table, [ColumnChoice(*pair) for pair in choices])


def test_a_unit_that_is_no_angle_is_refused(archive: Archive, tmp_path: Path) -> None:
    """Hours of right ascension are not taken for degrees."""
    table = Table({"ra": [1.0], "dec": [2.0]})
    table["ra"].unit = "h"
    table.write(tmp_path / "t.vot", format="votable")
    request = read(SODA, SODA.endpoint("async"), (("UPLOAD", "t,param:t"), ("RADIUS", "1")))

    with (tmp_path / "t.vot").open("rb") as file, pytest.raises(UsageError, match="is in 'h': expected deg"):
        cut_targets(archive, request, file, Recorder())
