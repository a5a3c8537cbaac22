"""What is not public is refused, and open again where the settings say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small import archive_of, did_of, engine_of, image, settings_of
from sqlalchemy import update
from starlette.testclient import TestClient

from soda_core.inventory.tables import DATASET
from soda_core.web import application

if TYPE_CHECKING:
    from pathlib import Path

PAST, FUTURE = "2001-01-01T00:00:00", "2999-01-01T00:00:00"


@pytest.mark.parametrize(
    ("rights", "released", "access", "status"),
    [
        (None, None, "rights", 200),
        (None, PAST, "rights", 200),
        (None, FUTURE, "rights", 403),
        ("public", FUTURE, "rights", 200),
        ("proprietary", None, "rights", 403),
        ("proprietary", PAST, "rights", 200),
        ("proprietary", FUTURE, "rights", 403),
        ("secure", PAST, "rights", 403),
        ("secure", None, "open", 200),
        ("proprietary", FUTURE, "open", 200),
        (None, "some day", "rights", 403),
    ],
)
def test_what_is_kept_back_is_refused(
    tmp_path: Path, rights: str | None, released: str | None, access: str, status: int
) -> None:
    """Neither a cutout nor the file is handed out; the dataset is found, and its links tell."""
    settings = settings_of(image(tmp_path / "sky" / "a.fits").parent)
    (collection,) = settings.collections
    settings = settings.model_copy(
        update={"collections": (collection.model_copy(update={"access": access}),)}
    )
    with archive_of(settings) as archive, TestClient(application(archive)) as client:
        with engine_of(archive).begin() as connection:
            connection.execute(update(DATASET).values(data_rights=rights, obs_release_date=released))
        cutout = client.get("/sync", params={"ID": did_of("a.fits"), "CIRCLE": "10 20 0.05"})
        whole = client.get("/datasets/c/a.fits")

    assert (status, status) == (cutout.status_code, whole.status_code)
    if status == 403:
        assert cutout.text.startswith("AuthorizationError: ")
        assert whole.text.startswith("AuthorizationError: ")
        assert (f"on {FUTURE}" in whole.text) is (released == FUTURE)
