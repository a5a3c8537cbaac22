"""The availability document tells the true state."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lxml import etree
from small import archive_of, client_of, did_of, engine_of, image, settings_of
from starlette.testclient import TestClient

from soda_core.documents import availability, schema_errors, serialize
from soda_core.services import Desk
from soda_core.web import application

if TYPE_CHECKING:
    from pathlib import Path

    from golden import Golden

VOSI = "{http://www.ivoa.net/xml/VOSIAvailability/v1.0}"


def told(document: bytes) -> tuple[str | None, list[str | None]]:
    """Return whether the service is available, and the notes, of a valid document."""
    root = etree.fromstring(document)
    assert [] == schema_errors(document)
    return root.findtext(f"{VOSI}available"), [note.text for note in root.findall(f"{VOSI}note")]


def spoil(database: Path) -> None:
    """Put a folder where a database was; who has it open may go on with it."""
    database.rename(database.with_suffix(".away"))
    database.mkdir()
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def test_availability_is_valid_and_stable(golden: Golden) -> None:
    """The document obeys the VOSI schema and has not drifted."""
    document = serialize(availability((), datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)))

    assert [] == schema_errors(document)
    golden.check("availability.xml", document)


def test_a_working_service(tmp_path: Path) -> None:
    """A service whose parts answer is available."""
    with client_of(settings_of(image(tmp_path / "sky" / "a.fits").parent)) as client:
        answer = client.get("/availability")

    assert ("true", ["All parts of the service answer."]) == told(answer.content)


def test_a_folder_that_went(tmp_path: Path) -> None:
    """Without the folder of a collection the service is not available, and says which; then it is again."""
    folder = image(tmp_path / "sky" / "a.fits").parent
    with client_of(settings_of(folder)) as client:
        folder.rename(tmp_path / "away")
        without, ready = client.get("/availability"), client.get("/readyz")
        (tmp_path / "away").rename(folder)
        back = client.get("/availability")

    assert ("false", ["The storage of the collection c does not answer."]) == told(without.content)
    assert (503, "The storage of the collection c does not answer.\n") == (ready.status_code, ready.text)
    assert ("true", ["All parts of the service answer."]) == told(back.content)


def test_a_list_of_jobs_that_went(tmp_path: Path) -> None:
    """Without the list of jobs the service is not ready, and says so; cutouts and searches still work."""
    settings = settings_of(image(tmp_path / "sky" / "a.fits").parent)
    with archive_of(settings) as archive:
        desk = Desk.of(settings)
        with TestClient(application(archive, desk)) as client:
            spoil(tmp_path / "sky-jobs.sqlite")
            desk.store.close()
            answers = [
                client.get(path) for path in ("/availability", "/readyz", "/sync?ID=" + did_of("a.fits"))
            ]

    assert ("false", ["The list of jobs does not answer."]) == told(answers[0].content)
    assert (503, "The list of jobs does not answer.\n") == (answers[1].status_code, answers[1].text)
    assert 200 == answers[2].status_code


def test_a_database_that_went(tmp_path: Path) -> None:
    """Without its database the service is not available, and refuses as a passing trouble without details."""
    settings = settings_of(image(tmp_path / "sky" / "a.fits").parent)
    with archive_of(settings) as archive, TestClient(application(archive)) as client:
        spoil(tmp_path / "sky.sqlite")
        engine_of(archive).dispose()
        answers = [client.get(path) for path in ("/availability", "/readyz", "/sync?ID=x", "/")]

    assert ("false", ["The inventory does not answer."]) == told(answers[0].content)
    assert [200, 503, 503, 503] == [answer.status_code for answer in answers]
    assert answers[2].text.startswith("ServiceUnavailable: the inventory does not answer (reference ")
    assert "5" == answers[2].headers["Retry-After"]
    assert not any("sqlite" in answer.text for answer in answers)
