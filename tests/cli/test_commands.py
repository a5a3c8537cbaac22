"""The command line, run in this process as a person would run it."""

from __future__ import annotations

import gzip
import io
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from PIL import Image
from rich.console import Console
from small import image

from soda_core.cli.console import watched
from soda_core.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run commands in an empty folder with one image a.fits."""
    image(tmp_path / "a.fits", side=20)
    monkeypatch.chdir(tmp_path)
    return Run(monkeypatch, capsys)


class Run:
    """One command after the other."""

    def __init__(self, patch: pytest.MonkeyPatch, output: pytest.CaptureFixture[str]) -> None:
        self._patch, self._output = patch, output

    def __call__(self, *words: str) -> tuple[int, str, str]:
        """Return exit status, output and complaints of `sodalite *words*`."""
        self._patch.setattr(sys, "argv", ["sodalite", *words])
        status: object = 0
        try:
            main()
        except SystemExit as end:
            status = end.code or 0
        captured = self._output.readouterr()
        assert isinstance(status, int)
        return status, captured.out, captured.err


OPTIONS = {
    "circle": (("--circle", "10 20 0.04"), (4, 4)),
    "negative": (("--circle", "-350 20 0.04"), (4, 4)),
    "polygon": (("--polygon", "9.97 19.97 10.03 19.97 10.03 20.03 9.97 20.03"), (4, 4)),
    "range": (("--range", "9.97 10.03 19.97 20.03"), (4, 4)),
    "brect": (("--brect", "10 20 4 2 pixel"), (2, 4)),
    "two": (("--circle", "10 20 0.04", "--brect", "10 20 2 2 pixel"), (2, 2)),
    "none": ((), (20, 20)),
}


@pytest.mark.parametrize(("options", "shape"), OPTIONS.values(), ids=OPTIONS.keys())
def test_each_region_cuts(run: Run, options: tuple[str, ...], shape: tuple[int, ...]) -> None:
    """Every option for a region writes a file of about its size."""
    status, out, err = run("cutout", "a.fits", *options, "-o", "c.fits")
    found = fits.getdata("c.fits").shape

    assert (0, "") == (status, err)
    assert "c.fits" in out
    assert all(0 <= size - wanted <= 2 for size, wanted in zip(found, shape, strict=True)), found


def test_axes_of_a_cube_cut(run: Run, demo_folder: Path) -> None:
    """Wavelengths and polarisation states select planes."""
    cube = str(demo_folder / "radio" / "hydrogen_iquv.fits")
    status, _, err = run(
        "cutout", cube, "--band", "0.21242 0.21251", "--pol", "I", "--pol", "Q", "-o", "c.fits"
    )
    found, whole = fits.getdata("c.fits").shape, fits.getdata(cube).shape

    assert (0, "") == (status, err)
    assert 2 == found[0] < whole[0]
    assert found[1] < whole[1]


def test_a_picture(run: Run) -> None:
    """A name that ends in .png gets a picture."""
    status, _, _ = run("cutout", "a.fits", "--brect", "10 20 6 4 pixel", "-o", "c.png")

    with Image.open("c.png") as picture:
        assert (0, "PNG", (6, 4)) == (status, picture.format, picture.size)


def test_a_dry_run_writes_nothing(run: Run, tmp_path: Path) -> None:
    """A dry run tells the pixels and the size, and leaves the folder as it was."""
    status, out, err = run("cutout", "a.fits", "--brect", "10 20 6 4 pixel", "-o", "c.fits", "--dry-run")

    assert (0, "", ["a.fits"]) == (status, err, [path.name for path in tmp_path.iterdir()])
    assert "HDU  name     what  pixels of the parent  shape" == out.splitlines()[0]
    assert "6 × 4" in out
    assert ["5,760 bytes", "264 bytes to read in 4 ranges"] == out.splitlines()[-2:]


def test_the_form_of_the_answer_is_an_option(run: Run) -> None:
    """Parts, mask, compression, sums and provenance are as in the service."""
    circle = ("--circle", "10 20 0.09")
    words = ("--mask", "shape", "--compress", "gzip", "--checksum", "--no-provenance", "--planes", "images")
    status, _, err = run("cutout", "a.fits", *circle, "--hdu", "0", *words, "-o", "c.fits")
    assert (0, "") == (status, err)
    with fits.open("c.fits", checksum=True) as hdus:
        assert isinstance(hdus[1], fits.CompImageHDU)
        assert np.isnan(hdus[1].data[0, 0])
        assert "CHECKSUM" in hdus[0].header
        assert "HISTORY" not in hdus[0].header


def test_long_work_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many bytes on a terminal get a bar that is gone at the end; on a pipe, or if they are few, none."""
    shown = {}
    for terminal, size in ((True, 9 << 20), (True, 1 << 20), (False, 9 << 20)):
        stream = io.StringIO()
        monkeypatch.setattr("soda_core.cli.console._errors", Console(file=stream, force_terminal=terminal))
        pieces = [bytes(1 << 20)] * (size >> 20)
        assert pieces == list(watched(pieces, size))
        shown[terminal, size] = stream.getvalue()

    assert "9.4/9.4 MB" in shown[True, 9 << 20]
    assert ["", ""] == list(shown.values())[1:]


REFUSED = {
    ("a.fits", "--circle", "1 2", "-o", "c.fits"): "--circle='1 2': expected three numbers",
    ("a.fits", "--circle", "", "-o", "c.fits"): "--circle='': expected three numbers",
    ("a.fits", "--brect", "1", "-o", "c.fits"): "--brect='1': expected ra dec width",
    ("a.fits", "--polygon", "x", "-o", "c.fits"): "--polygon='x': expected at least three",
    ("a.fits", "--range", "1 2 3", "-o", "c.fits"): "--range='1 2 3': expected four numbers",
    ("a.fits", "--band", "2 1", "-o", "c.fits"): "--band='2 1': expected two numbers",
    ("a.fits", "--time", "x", "-o", "c.fits"): "--time='x': expected two numbers",
    ("a.fits", "--pol", "i", "-o", "c.fits"): "--pol='i': expected one of I Q U V",
    ("a.fits", "--circle", "200 0 1", "-o", "c.fits"): "no pixel of the data matches the request",
    ("a.fits", "--band", "1 2", "-o", "c.fits"): "BAND: this dataset",
    ("a.fits", "--hdu", "9", "-o", "c.fits"): "HDU='9': there is no such HDU; there are: 0 PRIMARY",
    ("a.fits", "--mask", "shape", "-o", "c.fits"): "MASK=shape: there is no shape",
    ("a.fits", "--compress", "tiles", "-o", "c.fits"): "COMPRESS=tiles: no image here",
    ("a.fits",): "give a file to write with -o, or --dry-run",
    ("b.fits", "--dry-run"): "'b.fits' is no file",
    (".", "--dry-run"): "'.' is no file",
    ("bad.fits", "--dry-run"): "the data is not a FITS file, or is damaged",
    ("a.fits", "-o", "a.fits"): "'a.fits' is the file to cut from; choose another with -o",
    ("a.fits", "-o", "."): "cannot write '.': it is a folder",
    ("a.fits", "-o", "no/c.fits"): "cannot write 'no/c.fits': 'no' is no folder",
    ("a.fits", "-o", "a.fits/c.fits"): "cannot write 'a.fits/c.fits': 'a.fits' is no folder",
}


@pytest.mark.parametrize(("words", "told"), REFUSED.items(), ids=[" ".join(words) for words in REFUSED])
def test_refusals_are_one_line_and_leave_nothing(
    run: Run, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    """What cannot be done is told in one line with the option, and no file appears or changes."""
    (tmp_path / "bad.fits").write_bytes(b"bad")
    before = (tmp_path / "a.fits").read_bytes()
    status, out, err = run("cutout", *words)

    assert (1, "") == (status, out)
    assert err.startswith(f"sodalite: {told}")
    assert 1 == err.count("\n")
    assert ["a.fits", "bad.fits"] == sorted(path.name for path in tmp_path.iterdir())
    assert before == (tmp_path / "a.fits").read_bytes()


def test_damaged_pixels_leave_no_part(run: Run, tmp_path: Path) -> None:
    """A file that ends too early is told, and no half of a cutout stays."""
    content = image(tmp_path / "a.fits", side=200).read_bytes()
    (tmp_path / "a.fits").write_bytes(content[: len(content) // 2])
    status, _, err = run("cutout", "a.fits", "-o", "c.fits")

    assert (1, 1) == (status, err.count("\n"))
    assert ["a.fits"] == [path.name for path in tmp_path.iterdir()]


def test_a_packed_file_keeps_its_name(run: Run, tmp_path: Path) -> None:
    """Without filters a packed file goes out packed, and not under the name of a plain one."""
    (tmp_path / "a.fits.gz").write_bytes(gzip.compress((tmp_path / "a.fits").read_bytes()))

    refused, _, told = run("cutout", "a.fits.gz", "-o", "b.fits")
    granted, _, _ = run("cutout", "a.fits.gz", "-o", "b.fits.gz")

    assert (1, 0) == (refused, granted)
    assert "application/gzip" in told
    assert not (tmp_path / "b.fits").exists()
    assert (tmp_path / "a.fits.gz").read_bytes() == (tmp_path / "b.fits.gz").read_bytes()


def test_schemas_are_listed_whole(run: Run) -> None:
    """The list has four columns that nothing is cut off from."""
    status, out, _ = run("schemas", "list")
    lines = [line.split() for line in out.splitlines()]

    assert 0 == status
    assert ["id", "version", "status", "namespace"] == lines[0]
    assert ["votable-1.5", "1.5", "current", "http://www.ivoa.net/xml/VOTable/v1.3"] in lines
    assert {4} == {len(line) for line in lines}


def test_a_schema_has_a_path(run: Run) -> None:
    """The path of a schema is printed alone, however long."""
    status, out, _ = run("schemas", "path", "votable-1.5")

    assert (0, 1, True) == (status, out.count("\n"), out.endswith(".xsd\n"))


def test_an_unknown_schema_is_told(run: Run) -> None:
    """A schema that is not there is told in one line, with one that is."""
    told = "sodalite: unknown schema 'votable'; did you mean 'votable-1.5'?\n"

    assert (1, "", told) == run("schemas", "path", "votable")


def test_schemas_are_exported(run: Run, tmp_path: Path) -> None:
    """All schemas and a catalog are written to a folder that is made."""
    status, out, _ = run("schemas", "export", "new/folder")

    assert 0 == status
    assert "files in new/folder" in out
    assert (tmp_path / "new" / "folder" / "catalog.xml").is_file()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("serve", "gone"), "'gone' is no folder"),
        (("serve", "a.fits"), "'a.fits' is no folder"),
        (("serve", ".", "--config", "x.toml"), "give a folder or --config, not both"),
        (("serve", "--config", "x.toml"), "x.toml: No such file or directory"),
        (("serve",), "give a folder, --config FILE or SODALITE_COLLECTIONS in the environment"),
        (("serve", ".", "--host", "no.such.host.invalid"), "cannot listen on no.such.host.invalid:8000: "),
        (("schemas", "export", "a.fits"), "'a.fits/votable': Not a directory"),
        (("demo", "--dir", "a.fits", "--no-serve"), "'a.fits': File exists"),
    ],
)
def test_what_a_person_can_mend_is_one_line(run: Run, words: tuple[str, ...], told: str) -> None:
    """Wrong folders, files and addresses are told without a traceback."""
    status, _, err = run(*words)

    assert 1 == status
    assert err.startswith(f"sodalite: {told}")
    assert 1 == err.count("\n")


@pytest.mark.parametrize(
    "words", [("serve", ".", "--port", "99999"), ("serve", ".", "--workers", "0"), ("fly",)]
)
def test_wrong_words_are_refused(run: Run, words: tuple[str, ...]) -> None:
    """Numbers out of range and unknown commands end with a status that is not 0."""
    status, out, err = run(*words)

    assert 0 != status
    assert "Traceback" not in out + err


def test_help_describes_every_command(run: Run) -> None:
    """The help lists the commands with a sentence each, the same as their own."""
    _, out, _ = run("--help")

    for name in ("cutout", "demo", "schemas", "serve"):
        _, own, _ = run(name, "--help")
        sentence = own.splitlines()[2]
        assert " ".join(sentence.split()[:5]) in " ".join(out.split())


def test_demo_makes_two_cutouts(run: Run, tmp_path: Path) -> None:
    """The demo without serving leaves an archive and a cutout of M13 as FITS and as PNG."""
    status, out, err = run("demo", "--no-serve")
    cutout = fits.getdata(tmp_path / "m13-cutout.fits")

    assert (0, "") == (status, err)
    assert "datasets in the inventory" in out
    assert min(cutout.shape) > 100
    with Image.open(tmp_path / "m13-cutout.png") as picture:
        assert cutout.shape == picture.size[::-1]
