"""`sodalite ingest`: folders, files and tables into the inventory, and what a person is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, TypeAlias

import httpx2
import pytest
from astropy.table import Table
from conftest import free_port, wait_until_ready
from headers import TAN, file_of
from small import image

from soda_core.cli.main import main
from soda_core.inventory import Inventory
from soda_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from soda_core.inventory import Dataset


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration, two collections and three files."""
    monkeypatch.chdir(tmp_path)
    file_of(tmp_path / "one" / "a.fits", {**TAN, "OBJECT": "A", "FIELD": "south"})
    file_of(tmp_path / "one" / "deep" / "b.fits", {**TAN, "OBJECT": "B"})
    file_of(tmp_path / "two" / "c.fits", {**TAN, "OBJECT": "C"})
    (tmp_path / "sodalite.toml").write_text(
        'inventory = "inventory.sqlite"\n'
        '[[collections]]\nname = "one"\nfolder = "one"\n'
        'obscore = { target_name = ["{FIELD}", "{OBJECT}"], s_resolution = 0.7 }\n'
        '[[collections]]\nname = "two"\nfolder = "two"\n'
    )
    return tmp_path


Run: TypeAlias = "Callable[..., tuple[int, str, str]]"
"""Takes the words of a command; returns exit status, output and complaints."""


@pytest.fixture
def ingest(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["sodalite", "ingest", *words])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def configured(ingest: Run) -> Run:
    """Run it with the configuration."""
    return lambda *words: ingest(*words, "--config", "sodalite.toml")


def recorded(place: Path) -> dict[str, Dataset]:
    """Return the datasets of the inventory by collection and key."""
    inventory = Inventory(Settings.from_file(place / "sodalite.toml").inventory_place)
    try:
        return {f"{dataset.collection}/{dataset.key}": dataset for dataset in inventory.datasets()}
    finally:
        inventory.close()


def test_everything_is_recorded_once(configured: Run, place: Path) -> None:
    """All collections, the rules heeded; a second run reads nothing."""
    status, told, complaints = configured()

    assert (0, "") == (status, complaints)
    assert told.startswith("✓ 3 datasets, 3 files read now (")
    datasets = recorded(place)
    assert ["one/a.fits", "one/deep/b.fits", "two/c.fits"] == list(datasets)
    assert ("south", 0.7) == tuple(
        datasets["one/a.fits"].row[name] for name in ("target_name", "s_resolution")
    )
    assert ("C", None) == tuple(datasets["two/c.fits"].row[name] for name in ("target_name", "s_resolution"))
    assert configured()[1].startswith("✓ 3 datasets, 0 files read now (0 bytes in ")


def test_headers_alone_are_read(configured: Run, place: Path) -> None:
    """The bytes that were read are counted, and are far fewer than those of the file."""
    large = file_of(place / "two" / "large.fits", TAN, (1000, 1000))
    told = configured("two/large.fits")[1]

    assert int(told.split("(")[1].split(" bytes")[0].replace(",", "")) < 20_000 < large.stat().st_size


def test_a_part_of_a_collection(configured: Run, place: Path) -> None:
    """A file or a folder alone is looked at; nothing outside of it is read or forgotten."""
    assert 0 == configured("one/deep")[0]
    assert ["one/deep/b.fits"] == list(recorded(place))
    assert 0 == configured("two/c.fits", "one/a.fits")[0]
    assert ["one/a.fits", "one/deep/b.fits", "two/c.fits"] == list(recorded(place))

    (place / "one" / "deep" / "b.fits").unlink()
    (place / "one" / "a.fits").rename(place / "one" / "moved.fits")
    assert "1 forgotten" in configured("one/deep")[1]
    assert ["one/a.fits", "two/c.fits"] == list(recorded(place))
    assert "1 files read now" in configured()[1]
    assert ["one/moved.fits", "two/c.fits"] == list(recorded(place))


def test_again_reads_what_is_known(configured: Run, place: Path) -> None:
    """After a change of the rules the rows are made anew on demand."""
    configured()
    file = place / "sodalite.toml"
    file.write_text(file.read_text().replace("0.7", "0.9"))

    assert "0 files read now" in configured()[1]
    assert "3 files read now" in configured("--again")[1]
    assert 0.9 == recorded(place)["one/a.fits"].row["s_resolution"]


def test_a_dry_run_writes_nothing(configured: Run, place: Path) -> None:
    """It shows the rows as a table, or all of their columns as JSON."""
    status, told, _ = configured("one", "--dry-run")

    assert 0 == status
    assert ["key", "a.fits", "deep/b.fits", "2"] == [line.split()[0] for line in told.splitlines()]
    rows = json.loads(configured("two", "--dry-run", "--format", "json")[1])
    assert [("c.fits", "C", "image")] == [
        (row["key"], row["target_name"], row["dataproduct_type"]) for row in rows
    ]
    assert not (place / "inventory.sqlite").exists()


def test_a_bad_file_is_told_and_skipped(configured: Run, place: Path) -> None:
    """The others are recorded, and the exit status says that it went well."""
    (place / "one" / "bad.fits").write_bytes(b"no FITS")
    file_of(place / "two" / "odd.fits", {**TAN, "SEEING": -5.0})
    status, told, complaints = configured()

    assert 0 == status
    assert "bad.fits is left out: the data is not a FITS file, or is damaged" in complaints
    assert "odd.fits: s_resolution: -5.0 is left out: expected" in told
    assert "4 datasets, 5 files read now" in told
    assert "1 left out" in told


def test_nothing_readable_is_a_failure(ingest: Run, tmp_path: Path) -> None:
    """If no file at all can be read, the exit status tells."""
    (tmp_path / "bad.fits").write_bytes(b"no FITS")

    status, _, complaints = ingest(str(tmp_path), "--dry-run")

    assert (1, True) == (status, "no file could be read" in complaints)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "give one folder or file, or --config FILE"),
        (("nowhere",), "'nowhere' is not there"),
        (("one", "two"), "give one folder or file"),
        ((".", "--config", "sodalite.toml"), "'.' lies in no folder of the collections"),
        (("rows.csv", "--config", "sodalite.toml"), "give --collection with one of one, two"),
    ],
)
def test_what_cannot_be_done_is_told(ingest: Run, place: Path, words: tuple[str, ...], reason: str) -> None:
    """In one line, with exit status 1."""
    (place / "rows.csv").write_text("key\n")
    status, _, complaints = ingest(*words)

    assert (1, True) == (status, complaints.startswith("sodalite:"))
    assert reason in complaints


def test_several_processes_read_the_same(ingest: Run, tmp_path: Path) -> None:
    """Many files are read by processes of their own, the result is that of one."""
    image(tmp_path / "sky" / "a.fits")
    for number in range(300):
        os.link(tmp_path / "sky" / "a.fits", tmp_path / "sky" / f"n{number:03}.fits")
    (tmp_path / "sky" / "n150x.fits").write_bytes(b"bad")
    one, two = (
        ingest(str(tmp_path / "sky"), "--dry-run", "--format", "json", "--workers", workers)
        for workers in ("1", "2")
    )

    assert 301 == len(json.loads(one[1]))
    assert one == two


ROWS = {
    "key": ["a.fits", "deep/b.fits", "gone.fits", "a.fits"],
    "Obs_ID": ["x1", "x2", "x3", "x4"],
    "calib_level": [2, 3, 2, 9],
    "s_ra": [10.0, 11.0, 12.0, 13.0],
    "s_dec": [20.0, 21.0, 22.0, 23.0],
    "s_fov": [0.1, 0.1, 0.1, 0.1],
    "em_min": [4e-7, float("nan"), 4e-7, 4e-7],
    "em_max": [5e-7, float("nan"), 5e-7, 5e-7],
    "s_region": ["POLYGON ICRS 9.9 19.9 10.1 19.9 10.1 20.1 9.9 20.1", "", "", ""],
    "mine": [1, 2, 3, 4],
}


def parquet(table: Table, path: Path) -> None:
    """Write a Parquet file."""
    arrow = pytest.importorskip("pyarrow")
    content = {name: table[name].tolist() for name in table.colnames}
    pytest.importorskip("pyarrow.parquet").write_table(arrow.table(content), path)


WRITERS: dict[str, Callable[[Table, Path], None]] = {
    "rows.csv": lambda table, path: table.write(path, format="ascii.csv"),
    "rows.vot": lambda table, path: table.write(path, format="votable"),
    "rows.parquet": parquet,
}


@pytest.mark.parametrize("name", WRITERS)
def test_ready_made_rows_are_imported(configured: Run, place: Path, name: str) -> None:
    """Good rows are recorded with their values, bad ones told by number; a scan leaves them as they are."""
    WRITERS[name](Table(ROWS), place / name)
    status, told, complaints = configured(name, "--collection", "one")

    assert (0, 2) == (status, len(complaints.splitlines()))
    assert f"{name}: mine are no columns of ObsCore and left out" in told
    assert f"{name}: 2 rows recorded, 2 left out" in told
    assert "row 3 is left out: 'gone.fits': there is no such file" in complaints
    assert "row 4 is left out: calib_level: 9 is left out: expected 0 to 4" in complaints
    first, second = recorded(place).values()
    assert ("x1", 10.0, 4e-7, 4) == (
        first.row["obs_id"],
        first.row["s_ra"],
        first.row["em_min"],
        len(first.footprint),
    )
    assert ("x2", 3, None) == (second.row["obs_id"], second.row["calib_level"], second.row["em_min"])
    assert "0 files read now" in configured("one")[1]
    assert "x1" == recorded(place)["one/a.fits"].row["obs_id"]


def test_a_url_tells_the_file(configured: Run, place: Path) -> None:
    """Without a key, the end of the access_url that is a file of the folder is taken."""
    url = "https://archive.example/data/one/deep/b.fits"
    Table({"access_url": [url], "obs_id": ["x"], "calib_level": [2]}).write(
        place / "r.csv", format="ascii.csv"
    )

    assert 0 == configured("r.csv", "--collection", "one")[0]
    assert ["one/deep/b.fits"] == list(recorded(place))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("obs_id,calib_level\nx,2\n", "neither a column `key` nor `access_url` tells where the files are"),
        (
            "key,obsid,calib_level\na.fits,x,2\n",
            "there is no column 'obs_id', which must not be null; is it 'obsid'?",
        ),
        ("key,obs_id,calib_level\nz.fits,x,2\n", "no row could be recorded"),
    ],
)
def test_a_table_that_is_none_of_obscore(configured: Run, place: Path, text: str, reason: str) -> None:
    """What every row would lack is told once."""
    (place / "rows.csv").write_text(text)
    status, _, complaints = configured("rows.csv", "--collection", "one")

    assert 1 == status
    assert reason in complaints


@pytest.fixture
def served(place: Path) -> Iterator[str]:
    """The address of a server over the configuration, in a process of its own."""
    port, log = free_port(), place / "server.log"
    command = [sys.executable, "-m", "soda_core.cli", "serve", "--config", "sodalite.toml", "--workers", "1"]
    with log.open("wb") as output:
        process = subprocess.Popen([*command, "--port", str(port)], stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_until_ready(process, f"http://127.0.0.1:{port}", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_a_running_server_sees_new_rows(configured: Run, place: Path, served: str) -> None:
    """A file that was ingested while the server runs can be cut at once."""
    asked = {"ID": "ivo://sodalite.local/two?new.fits", "CIRCLE": "10 20 0.002"}
    before = httpx2.get(f"{served}/sync", params=asked, timeout=60)
    file_of(place / "two" / "new.fits", TAN)
    assert 0 == configured("two")[0]
    after = httpx2.get(f"{served}/sync", params=asked, timeout=60)

    assert (404, 200) == (before.status_code, after.status_code)
    assert after.content.startswith(b"SIMPLE")
