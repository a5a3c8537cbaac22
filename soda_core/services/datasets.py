"""Whole files of the archive, by collection and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soda_core import standards
from soda_core.dali import NotFoundError, shown
from soda_core.inventory import publisher_did
from soda_core.registry import Bound, Request, Stream, bind
from soda_core.storage import StorageError, WholeFile

from .escapes import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soda_core.inventory import Dataset

    from .archive import Archive

__all__ = ["addresses_of", "endpoints", "file_url"]


def endpoints(archive: Archive) -> tuple[Bound, ...]:
    """Bind the retrieval of files of *archive*."""

    def file(request: Request) -> Stream:
        """Send a file that the inventory knows under exactly this name."""
        collection, key = (request.only(name, str) for name in request.endpoint.path_parameters)
        dataset = _dataset(archive, collection, key)
        try:
            body = WholeFile.at(archive.path(dataset))
        except StorageError:
            raise NotFoundError(f"{shown(key)}: the file of this dataset is gone") from None
        name = key.rpartition("/")[2]
        return Stream(body, dataset.media_type, name, body.modified)

    return bind(standards.load("retrieval"), {"file": file})


def _dataset(archive: Archive, collection: str, key: str) -> Dataset:
    """Look up the dataset of a file; its identifier may be that of another authority."""
    did = publisher_did(archive.settings.authority, collection, key)
    try:
        found = archive.inventory.dataset(did)
    except NotFoundError:
        found = None
    if found is not None and (found.collection, found.key) == (collection, key):
        return found
    try:
        return archive.inventory.at(collection, key)
    except NotFoundError:
        if found is None:
            archive.dataset(did)  # raises what is to be told of a file that was not looked at yet
        raise


def file_url(dataset: Dataset, base_url: str) -> str:
    """Return the address of the whole file of *dataset*; *base_url* has no slash at its end."""
    if not dataset.key:
        return str(dataset.row["access_url"])
    return addresses_of([dataset.collection], [dataset.key], base_url)[0]


def addresses_of(collections: Sequence[str], keys: Sequence[str], base_url: str) -> list[str]:
    """Return the addresses of the files with those *keys*, each in the collection beside it."""
    endpoint = standards.load("retrieval").endpoint("file")
    path = endpoint.path.format(**dict.fromkeys(endpoint.path_parameters, "{}"))
    places = zip(quoted(collections, "/~"), quoted(keys, "/~"), strict=True)
    return [base_url + path.format(*place) for place in places]
