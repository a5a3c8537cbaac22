"""Jobs with a list of targets: the table comes in, archives and a manifest go out (DALI 1.1, 3.4.5)."""

from __future__ import annotations

import io
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from answers import refused
from astropy.io import fits
from astropy.table import Table
from job_desk import UWS, XLINK, By, Office, desk_of
from lxml import etree
from starlette.testclient import TestClient
from support import CENTRE, CUBE, M13, TILE, errors_of, get

from soda_core.jobs import Limits
from soda_core.jobs.tidy import keep_house, tidy
from soda_core.services import Archive, Desk
from soda_core.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx2 import Response

    from soda_core.settings import Settings

requirement = pytest.mark.requirement

RA, DEC = map(float, CENTRE.split())
UPLOAD = {"UPLOAD": "targets,param:table"}


@pytest.fixture(scope="module")
def office(
    settings: Settings, client: TestClient, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """A job list with its engine over the demo archive, whose inventory the other client has filled."""
    assert 200 == client.get("/sync").status_code
    folder = tmp_path_factory.mktemp("targets")
    places = {"jobs": str(folder / "jobs.sqlite"), "results": str(folder / "results")}
    own = settings.model_copy(update=places | {"max_upload_bytes": 3_000_000})
    desk = Desk.of(own)
    with TestClient(application(Archive.open(own), desk), raise_server_exceptions=False) as made:
        yield Office(made, desk)


@dataclass(frozen=True)
class Done:
    """A job that has ended."""

    office: Office
    job: By

    @property
    def results(self) -> dict[str, bytes]:
        """The results by id."""
        return {
            str(r.get("id")): self.office.client.get(str(r.get(f"{XLINK}href"))).content
            for r in self.job.results()
        }

    @property
    def manifest(self) -> list[dict[str, Any]]:
        """What became of each row; the document obeys its schema."""
        (address,) = [str(r.get(f"{XLINK}href")) for r in self.job.results() if r.get("id") == "manifest.vot"]
        answer = self.office.client.get(address)
        assert [] == errors_of(answer)
        table = Table.read(io.BytesIO(answer.content), format="votable")
        return [{name: row[name] for name in table.colnames} for row in table]

    @property
    def files(self) -> dict[str, bytes]:
        """The members of the archive of everything."""
        return members(self.results["results.tar"])


def members(packed: bytes) -> dict[str, bytes]:
    """Return the files of an archive by name."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]  # files all


def send(office: Office, table: bytes, path: str = "/async", **data: Any) -> Response:  # noqa: ANN401 - texts, lists of texts
    """Post parameters and a table."""
    return office.client.post(
        path, data=UPLOAD | data, files={"table": ("targets", table)}, follow_redirects=False
    )


def run(office: Office, table: bytes, **data: Any) -> Done:  # noqa: ANN401 - texts, lists of texts
    """Run a job with a table to its end."""
    made = send(office, table, **data, PHASE="RUN")
    assert 303 == made.status_code, made.text
    return ended(office, made.headers["location"])


def ended(office: Office, path: str) -> Done:
    """Wait for the end of a job."""
    for _ in range(100):
        job = By(etree.fromstring(office.client.get(f"{path}?WAIT=10").content))
        if job.text("endTime"):
            return Done(office, job)
    raise AssertionError(job.text("phase"))


def written(table: Table, form: str) -> bytes:
    """Return a table as a file."""
    if form == "parquet":
        arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
        parquet = pytest.importorskip("pyarrow.parquet")
        packed = io.BytesIO()
        parquet.write_table(arrow.table({name: np.asarray(table[name]) for name in table.colnames}), packed)
        return packed.getvalue()
    if form in {"tabledata", "binary", "binary2"}:
        packed = io.BytesIO()
        table.write(packed, format="votable", tabledata_format=form)
        return packed.getvalue()
    text = io.StringIO()
    table.write(text, format=form)
    return text.getvalue().encode()


def targets(count: int = 3) -> Table:
    """Return positions in the middle of M13, in columns of usual names."""
    step = 0.002 * np.arange(count)
    return Table({"id": [f"star {n}" for n in range(count)], "ra": RA + step, "dec": DEC - step})


@requirement("DALI-3.4-11", "UWS-2.2.3.1.1-01")
@pytest.mark.parametrize(
    "form", ["tabledata", "binary", "binary2", "ascii.csv", "ascii.ecsv", "ascii.tab", "parquet"]
)
def test_a_table_of_each_form_gives_the_cutouts_of_sync(
    office: Office, client: TestClient, form: str
) -> None:
    """The columns are found by themselves; each file of the archive is byte for byte that of `/sync`."""
    table = targets()
    done = run(office, written(table, form), ID=M13, RADIUS="36 arcsec")

    assert "COMPLETED" == done.job.text("phase")
    assert ["cutouts-0001.tar", "manifest.vot", "results.tar"] == list(done.results)
    files = done.files
    assert 1 + len(table) == len(files)
    for row, line in zip(table, done.manifest, strict=True):
        sync = get(client, ID=M13, CIRCLE=f"{float(row['ra'])!r} {float(row['dec'])!r} {0.01!r}")
        assert ("OK", row["id"], M13) == (line["status"], line["target"], line["dataset"])
        assert sync.content == files[line["file"]]
        assert len(sync.content) == line["bytes"]
        assert sync.content == members(done.results[line["archive"]])[line["file"]]


@requirement("UWS-2.2.3.1.1-01")
def test_the_table_stands_below_the_parameters(office: Office) -> None:
    """It is told by reference, served as it came, and goes with the job."""
    table = written(targets(), "ascii.csv")
    path = send(office, table, ID=M13, RADIUS="0.01").headers["location"]
    (shown,) = office.job(path).root.findall(f"{UWS}parameters/{UWS}parameter[@id='UPLOAD']")

    assert ("true", f"{path}/parameters/UPLOAD") == (shown.get("byReference"), shown.text)
    assert table == office.client.get(str(shown.text)).content
    assert 303 == office.client.delete(path, follow_redirects=False).status_code
    assert 404 == office.client.get(str(shown.text)).status_code


def test_rows_may_say_everything(office: Office, client: TestClient) -> None:
    """Dataset, size and band from columns of any name; a unit of a column counts."""
    table = Table(
        {
            "l": [RA, 150.1192],
            "b": [DEC, 2.2054],
            "r": [60.0, 720.0],
            "file": [M13, CUBE],
            "lo": [np.nan, 0.2],
        }
    )
    table["r"].unit = "arcsec"
    table["lo"].unit = "m"
    columns = ["ra=l", "dec=B", "radius=r", "dataset=file", "band_min=lo"]
    done = run(office, written(table, "tabledata"), COLUMN=columns)
    first, second = done.manifest
    files = done.files

    assert get(client, ID=M13, CIRCLE=f"{RA!r} {DEC!r} {60 / 3600!r}").content == files[first["file"]]
    expected = get(client, ID=CUBE, CIRCLE=f"150.1192 2.2054 {720 / 3600!r}", BAND="0.2 +Inf")
    assert 200 == expected.status_code
    assert expected.content == files[second["file"]]


def test_sizes_in_pixels(office: Office) -> None:
    """`SIZE` makes a box of so many pixels about each target."""
    done = run(office, written(targets(), "ascii.csv"), ID=M13, SIZE="16 pixel", HDU="0")

    shapes = {fits.getdata(io.BytesIO(body)).shape for name, body in done.files.items() if "m13" in name}
    assert {(16, 16)} == shapes


def test_without_datasets_the_inventory_is_asked(office: Office, client: TestClient) -> None:
    """Each dataset that holds the position is cut; a position that none holds is told."""
    table = Table({"ra": [RA, 10.0], "dec": [DEC, 10.0]})
    done = run(office, written(table, "ascii.csv"), RADIUS="0.01")
    held, empty = done.manifest[:-1], done.manifest[-1]

    assert M13 in [line["dataset"] for line in held]
    assert (2, "UsageError", "no dataset covers this position") == tuple(
        empty[name] for name in ("row", "status", "message")
    )
    for line in held:
        sync = get(client, ID=line["dataset"], CIRCLE=f"{RA!r} {DEC!r} 0.01")
        assert sync.content == done.files[line["file"]]


def test_bad_rows_are_told_by_their_numbers(office: Office) -> None:
    """Whatever is wrong with a row, the others are cut."""
    lines = [
        "name,ra,dec,radius,dataset",
        f"good,{RA},{DEC},0.01,{M13}",
        f"north,{RA},95,0.01,{M13}",
        f"empty,,,0.01,{M13}",
        f"words,ten,{DEC},0.01,{M13}",
        f"flat,{RA},{DEC},0,{M13}",
        f"unknown,{RA},{DEC},0.01,ivo://sodalite.local/demo?no/such.fits",
        f"far,10,10,0.01,{M13}",
        f"short,{RA}",
        f"last,{RA},{DEC},0.02,{M13}",
    ]
    done = run(office, "\n".join(lines).encode())
    found = done.manifest

    assert "COMPLETED" == done.job.text("phase")
    assert [*range(1, 10)] == [line["row"] for line in found]
    assert ["good", "last"] == [line["target"] for line in found if line["status"] == "OK"]
    assert {"OK", "UsageError"} == {line["status"] for line in found}
    messages = {line["target"]: line["message"] for line in found}
    assert "dec in [-90, 90]" in messages["north"]
    assert "three numbers" in messages["empty"]
    assert "radius in (0, 180]" in messages["flat"]
    assert "no such dataset" in messages["unknown"]
    assert "no pixel" in messages["far"]
    progress = done.job.root.find(f"{UWS}jobInfo/progress")
    assert ("9", "9") == (progress.get("done"), progress.get("total"))  # type: ignore[union-attr]  # it is there


def test_a_job_of_which_every_row_is_bad_fails(office: Office) -> None:
    """ERROR, and the manifest is there all the same."""
    done = run(office, b"ra,dec\nx,y\n1,99\n", ID=M13, RADIUS="0.01")

    assert "ERROR" == done.job.text("phase")
    assert 2 == len(done.manifest)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"ra,dec\n", "no rows"),
        (b"x,y\n1,2\n", "no column for ra: say COLUMN=ra=NAME; it has x, y"),
        (b"\x00\xff\xfe\x00", "no text in UTF-8"),
    ],
)
def test_a_table_that_cannot_be_read_is_told(office: Office, table: bytes, words: str) -> None:
    """The job fails in words; nothing outside of the table is opened."""
    done = run(office, table, ID=M13, RADIUS="0.01")
    message = done.job.root.findtext(f"{UWS}errorSummary/{UWS}message") or ""

    assert "ERROR" == done.job.text("phase")
    assert message.startswith("UsageError: ")
    assert words in message


@requirement("DALI-3.4-12", "DALI-3.4-13")
@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"UPLOAD": "1a,param:table"}, 400, "name,uri"),
        ({"UPLOAD": ["a,param:table", "a,param:table"]}, 400, "given 2 times"),
        ({"UPLOAD": "targets,param:other"}, 400, "the name of a part"),
        ({"UPLOAD": "targets,http://127.0.0.1/t.vot"}, 400, "no parameter names the file"),
        ({"CIRCLE": "1 2 3"}, 400, "CIRCLE cannot be given beside UPLOAD"),
        ({"BAND": ["1 2", "3 4"]}, 400, "BAND was given 2 times"),
        ({"COLUMN": "raa=x"}, 400, "did you mean 'ra'?"),
        ({"RADIUS": "5 pixel"}, 400, "expected one angle"),
        ({"RADIUS": "1", "SIZE": "1"}, 400, "cannot be given together"),
    ],
)
def test_what_does_not_go_with_a_table_is_refused(
    office: Office, data: dict[str, Any], status: int, words: str
) -> None:
    """The client is told at once, and no job is made."""
    before = len(office.client.get("/async").content)
    label = "MultiValuedParamNotSupported" if "times" in words else "UsageError"

    refused(send(office, b"ra,dec\n1,2\n", **{"ID": M13, "PHASE": "RUN"} | data), status, label, words)
    assert before == len(office.client.get("/async").content)


def test_a_table_elsewhere_is_not_fetched(office: Office) -> None:
    """An address of any kind is refused in words."""
    for uri in ("http://127.0.0.1/t.vot", "file:///etc/passwd", "vos://x/y"):
        answer = office.post("/async", UPLOAD=f"targets,{uri}", RADIUS="1", PHASE="RUN")
        refused(answer, 400, "UsageError", "no table is fetched from elsewhere")


def test_words_about_tables_mean_nothing_without_one(office: Office) -> None:
    """They are refused rather than ignored."""
    for name, value in (("RADIUS", "1"), ("SIZE", "1"), ("COLUMN", "ra=x")):
        answer = office.post("/async", ID=M13, **{name: value}, PHASE="RUN")
        refused(answer, 400, "UsageError", "goes with a table of targets")


@requirement("DALI-3.4-13")
def test_a_file_that_is_too_large_is_refused(office: Office) -> None:
    """By its own limit, which is not that of the other parameters; /sync takes none."""
    small, large = b"ra,dec\n" + b" " * 2_900_000, b"ra,dec\n" + b" " * 3_100_000

    assert 303 == send(office, small, ID=M13, RADIUS="1").status_code
    refused(send(office, large, ID=M13, RADIUS="1"), 413, "UsageError", "more than 3000000 bytes")
    refused(send(office, b"ra,dec\n", "/sync", ID=M13), 400, "UsageError", "Too many files")
    refused(send(office, small, ID=["x" * 900_000] * 30), 413, "UsageError", "beside the file")


def test_another_table_takes_the_place_of_the_first(office: Office) -> None:
    """While the job is pending; the file that is no longer named is removed, also after a refusal."""
    path = send(office, b"ra,dec\n1,99\n", ID=M13, RADIUS="0.01").headers["location"]
    table = written(targets(2), "ascii.csv")
    assert 303 == send(office, table, f"{path}/parameters").status_code
    assert table == office.client.get(f"{path}/parameters/UPLOAD").content
    assert 303 == office.post(f"{path}/phase", PHASE="RUN").status_code
    done = ended(office, path)
    refused(send(office, b"ra,dec\n", f"{path}/parameters"), 403, "UsageError", "COMPLETED")

    assert 2 == len([line for line in done.manifest if line["status"] == "OK"])
    assert table == office.client.get(f"{path}/parameters/UPLOAD").content
    kept = Path(office.desk.results.place, path.rpartition("/")[2], "0")
    assert 1 == len(list(kept.iterdir()))


def test_all_cutouts_in_one_fits_file(office: Office) -> None:
    """PACKAGE=fits: an extension for each HDU, pixels and coordinates as in the separate files."""
    table = targets(3)
    done = run(office, written(table, "ascii.csv"), ID=[M13, TILE], RADIUS="0.01", PACKAGE="fits")
    files = done.files

    assert "results.fits" not in files
    with fits.open(io.BytesIO(done.results["results.fits"])) as together:
        together.verify("exception")
        at = 1
        for line in sorted(done.manifest, key=lambda line: list(files).index(line["file"])):
            with fits.open(io.BytesIO(files[line["file"]])) as alone:
                for hdu in alone:
                    twin = together[at]
                    assert (line["row"], line["target"]) == (twin.header["TGTROW"], twin.header["TARGET"])
                    assert hdu.header.get("CRPIX1") == twin.header.get("CRPIX1")
                    assert hdu.header.get("HISTORY") == twin.header.get("HISTORY")
                    assert np.array_equal(hdu.data, twin.data, equal_nan=hdu.data is not None)
                    at += 1
        assert at == len(together)


def test_a_job_takes_more_parameters_than_a_request(office: Office) -> None:
    """Circles by the thousand in one POST; `/sync` stays within its limit, a job within its own."""
    many = [f"{RA + n / 1e5} {DEC} 0.001" for n in range(20_000)]
    path = office.create(ID=M13, CIRCLE=many[:1500])

    assert 1501 == len(office.job(path).root.findall(f"{UWS}parameters/{UWS}parameter"))
    refused(office.post("/sync", ID=M13, CIRCLE=many[:1500]), 400, "UsageError", "1000")
    refused(office.post("/async", ID=M13, CIRCLE=many), 400, "UsageError", "20000")


def test_names_of_parameters_are_those_of_the_declaration(office: Office) -> None:
    """However a client spells them, the job lists them as the standard does."""
    data = {"upload": "targets,param:table", "radius": "0.01", "Id": M13, "COLUMN": "ra=RA"}
    made = office.client.post(
        "/async", data=data, files={"table": ("t.csv", b"RA,dec\n1,2\n")}, follow_redirects=False
    )
    shown = office.job(made.headers["location"]).root.findall(f"{UWS}parameters/{UWS}parameter")

    assert {"UPLOAD", "RADIUS", "ID", "COLUMN"} == {parameter.get("id") for parameter in shown}


@pytest.fixture
def shut(settings: Settings, tmp_path: Path) -> Iterator[Office]:
    """A job list that takes one job, and does none."""
    desk = desk_of(tmp_path, Limits(waiting=1))
    with TestClient(application(Archive.open(settings), desk), raise_server_exceptions=False) as made:
        yield Office(made, desk)


@requirement("DALI-3.4-13")
def test_a_list_that_cannot_be_taken_leaves_nothing(shut: Office, tmp_path: Path) -> None:
    """Too many jobs, a disk that is full: 503 with Retry-After, no job, no file."""
    results = tmp_path / "results"
    assert 303 == send(shut, b"ra,dec\n", ID=M13, RADIUS="1", PHASE="RUN").status_code
    before = shut.client.get("/async").content
    answer = send(shut, b"ra,dec\n", ID=M13, RADIUS="1")
    refused(answer, 503, "ServiceUnavailable", "not finished")
    assert answer.headers["Retry-After"]
    assert 1 == len(list(results.iterdir()))
    (job,) = etree.fromstring(before)
    assert 303 == shut.client.delete(f"/async/{job.get('id')}", follow_redirects=False).status_code
    shutil.rmtree(results)
    results.write_bytes(b"no folder")  # nothing can be stored below it, as if there were no room

    refused(send(shut, b"ra,dec\n", ID=M13, RADIUS="1"), 503, "ServiceUnavailable", "could not be stored")
    assert 0 == len(etree.fromstring(shut.client.get("/async").content))


def test_a_list_that_is_aborted_tells_what_was_done(office: Office) -> None:
    """The archives that were there stay, and there is a manifest of all rows (UWS 1.1, 2.1.4)."""
    count = 30_000
    ra, dec = CENTRE.split()
    table = "ra,dec\n" + f"{ra},{dec}\n" * count
    path = send(office, table.encode(), ID=M13, SIZE="4 pixel", PHASE="RUN").headers["location"]
    while not (early := office.job(path).results()):
        assert "COMPLETED" != office.phase(path)
        assert "ERROR" != office.phase(path)
    office.post(f"{path}/phase", PHASE="ABORT")
    done = ended(office, path)
    lines = done.manifest
    made = [line for line in lines if line["status"] == "OK"]

    assert "ABORTED" == done.job.text("phase")
    assert "manifest.vot" not in {result.get("id") for result in early}
    assert [*range(1, count + 1)] == [line["row"] for line in lines]
    assert {"OK", "ABORTED"} == {line["status"] for line in lines}
    assert {line["file"] for line in made} <= members(done.results["results.tar"]).keys()
    assert {"the job is ABORTED: it did not come to this"} == {
        line["message"] for line in lines if line["status"] == "ABORTED"
    }


def test_a_list_waits_for_its_worker(shut: Office) -> None:
    """House-keeping leaves what the client has sent, also when a worker has died over the job."""
    path = send(shut, b"ra,dec\n1,2\n", ID=M13, RADIUS="1", PHASE="RUN").headers["location"]
    store, results = shut.desk.store, shut.desk.results
    tidy(store, results)
    job = shut.claim(path)
    shut.save(job, "part", b"x")
    assert store.release(job.id, job.attempt, died=True)
    tidy(store, results)
    shut.claim(path)
    tidy(store, results)

    assert b"ra,dec\n1,2\n" == shut.client.get(f"{path}/parameters/UPLOAD").content
    assert ["0"] == [folder.name for folder in Path(results.place, job.id).iterdir()]
    store.destroy(job.id)
    keep_house(store, results)
    assert not Path(results.place, job.id).exists()


def test_the_answer_of_a_search_is_a_list_of_targets(office: Office) -> None:
    """What `/sia` has found is cut as it came: position and dataset are in its columns."""
    found = office.client.get("/sia", params={"POS": f"CIRCLE {CENTRE} 0.01"})
    done = run(office, found.content, SIZE="8 pixel")
    datasets = sorted(line["dataset"] for line in done.manifest)

    assert M13 in datasets
    assert {"OK"} == {line["status"] for line in done.manifest}
    assert (
        len(Table.read(io.BytesIO(found.content), format="votable")) == len(datasets) == len(done.files) - 1
    )
