"""SODA, synchronous: success, nothing selected, errors (SODA 1.0, 2.1, 3.1 and 5)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from volint.answers import failed, labelled, message, same
from volint.check import rule
from volint.fits import holds, within
from volint.model import Skip
from volint.scopes import SYNC
from volint.subjects import ABSENT
from volint.target import kind_of

if TYPE_CHECKING:
    from volint.check import Faults
    from volint.exchange import Exchange
    from volint.service import Resource
    from volint.subjects import Dataset

__all__ = [
    "ROOT",
    "SHARE",
    "clipped",
    "cutout",
    "essences_of",
    "examples_work",
    "icrs",
    "inside",
    "labels",
    "nothing_selected",
    "plain_errors",
    "post",
    "refused",
    "region",
    "several_values",
    "taken",
    "truthful_type",
    "untruth",
    "works",
    "works_for_others",
]

ROOT = "SODA-2.1-03"
EXAMPLES = 6
"""Examples that are run."""

UNAUTHORIZED = 401
"""Who asks has to say who he is: nothing more can be tried, and nothing is wrong."""

BLOCK = 2880
"""Bytes of which FITS files are made."""

SHARE = 0.25
"""How wide the regions are that are asked for, to that of the data."""

MAGIC = {
    b"SIMPLE  =": ("application/fits", "image/fits"),
    b"\x1f\x8b": ("application/gzip", "application/x-gzip"),
    b"\x89PNG": ("image/png",),
    b"\xff\xd8\xff": ("image/jpeg",),
}
"""What bodies open with, and the media types of such."""


def essences_of(body: bytes) -> tuple[str, ...]:
    """Return the media types that a body may have by what it opens with; none where that tells nothing."""
    return next((essences for magic, essences in MAGIC.items() if body.startswith(magic)), ())


def untruth(answer: Exchange) -> str:
    """Return what speaks against what a file is said to be; empty if nothing does."""
    told, essences = answer.media_type.essence, essences_of(answer.body)
    if essences and told not in essences:
        return f"the body is {essences[0]}, its Content-Type {told!r}"
    if not essences and told in {essence for known in MAGIC.values() for essence in known}:
        return f"the Content-Type is {told}, and the body opens with {answer.body[:20]!r}"
    if answer.body.startswith(b"SIMPLE  =") and not answer.cut and len(answer.body) % BLOCK:
        return f"the FITS file is cut off: {len(answer.body)} bytes are no whole blocks of {BLOCK}"
    return ""


def taken(place: Resource, dataset: Dataset, *names: str) -> str:
    """Return the first of these parameters that the service says it takes."""
    listed = set(dataset.inputs) or set(
        place.endpoint.interface.parameters if place.endpoint.interface else ()
    )
    for name in names:
        if name in listed or not listed:
            return name
    raise Skip(f"no {' or '.join(names)} is among the parameters that the service declares")


def region(place: Resource, dataset: Dataset) -> tuple[tuple[str, str], ...]:
    """Return the identifier and a small region, in a parameter that the service takes."""
    if place.service.profile.circle:
        return (("ID", dataset.did), ("CIRCLE", place.service.profile.circle))
    name = taken(place, dataset, "CIRCLE", "POS", "POLYGON")
    forms = {
        "CIRCLE": dataset.circle,
        "POLYGON": dataset.polygon,
        "POS": lambda share: f"CIRCLE {dataset.circle(share)}",
    }
    return (("ID", dataset.did), (name, forms[name](SHARE)))


def cutout(place: Resource) -> Exchange:
    """Return the answer to a request that any service must be able to fulfil."""
    return place.get(*region(place, place.service.subjects.first))


def bad(place: Resource) -> Exchange:
    """Return the answer to a request with a region that is none."""
    dataset = place.service.subjects.first
    name = taken(place, dataset, "CIRCLE", "POS", "POLYGON")
    return place.get(("ID", dataset.did), (name, "volint"))


@rule(ROOT, SYNC, also=["SODA-5.1-01", "DALI-4.1-01"])
def works(place: Resource) -> Faults:
    """A small cutout of a dataset that is there comes in the body."""
    answer = cutout(place)
    if answer.status != 200:  # noqa: PLR2004 - the one status of success
        yield answer.fault(
            f"a cutout of {place.service.subjects.first.source} answers {answer.status}, expected 200",
            "info" if answer.status == UNAUTHORIZED else None,
        )
    elif not answer.body:
        yield answer.fault("a cutout within the data has no bytes")


@rule(ROOT, SYNC, because=[ROOT])
def works_for_others(place: Resource) -> Faults:
    """A small cutout of another dataset comes as well, if its descriptor says so."""
    if place.service.profile.circle:
        raise Skip("the profile gives a region in one dataset alone")
    first = place.service.subjects.first
    for dataset in [entry for entry in place.service.subjects.datasets if entry != first and entry.inputs][
        :2
    ]:
        try:
            answer = place.get(*region(place, dataset))
        except Skip:
            continue
        if answer.status not in (200, UNAUTHORIZED, 403):
            yield answer.fault(f"a cutout of {dataset.source} answers {answer.status}, expected 200")


@rule("SODA-2.1-01", SYNC, also=["DALI-2.2-01"], because=[ROOT])
def post(place: Resource) -> Faults:
    """POST of a form gives what GET gives."""
    asked = region(place, place.service.subjects.first)
    by_get, by_post = place.get(*asked), place.post(*asked)
    if not same(by_get, by_post):
        yield by_post.fault(f"POST answers {by_post.status}, {len(by_post.body)} bytes; GET {by_get.status}")


@rule("SODA-5.1-03", SYNC, also=["DALI-4.1-02"], because=[ROOT])
def truthful_type(place: Resource) -> Faults:
    """Content-Type says what the bytes are, and a file is whole."""
    answer = cutout(place)
    if wrong := untruth(answer):
        yield answer.fault(wrong)
    elif not answer.media_type.essence:
        yield answer.fault("the cutout has no Content-Type")


@rule("SODA-5.1-02", SYNC, because=[ROOT])
def nothing_selected(place: Resource) -> Faults:
    """A region without any pixel of the data gives 204 and no body."""
    dataset = place.service.subjects.first
    name = taken(place, dataset, "CIRCLE", "POS")
    value = dataset.elsewhere if name == "CIRCLE" else f"CIRCLE {dataset.elsewhere}"
    answer = place.get(("ID", dataset.did), (name, value))
    if answer.status != 204:  # noqa: PLR2004 - the status of the rule
        yield answer.fault(f"a region at the other side of the sky answers {answer.status}, expected 204")
    elif answer.body or answer.headers.get("content-length", "0") != "0":
        yield answer.fault(f"204 comes with {len(answer.body) or answer.headers['content-length']} bytes")


@rule("SODA-5.2-03", SYNC, also=["DALI-4.2-01"])
def refused(place: Resource) -> Faults:
    """What cannot be done is refused with a status of failure."""
    wrong = {"an unknown identifier": place.get(ID=ABSENT), "no identifier": place.get(CIRCLE="10 20 0.1")}
    for what, answer in wrong.items():
        if answer.status < 400:  # noqa: PLR2004 - no refusal
            yield answer.fault(f"{what} is answered {answer.status}, expected 4xx")
        elif answer.status >= 500:  # noqa: PLR2004 - blames the server
            yield answer.fault(f"{what} is answered {answer.status}: the fault is the client's")


@rule("SODA-5.2-02", SYNC, also=["DALI-4.2-02"], because=["SODA-5.2-03"])
def labels(place: Resource) -> Faults:
    """An error text opens with a label of SODA."""
    for answer in _errors(place):
        if failed(answer) and not labelled(answer, place.labels):
            yield answer.fault(
                f"the error text opens with {message(answer)[:40]!r}, expected one of {place.labels}"
            )


@rule("SODA-5.2-01", SYNC, also=["DALI-4.2-06"], because=["SODA-5.2-03", "SODA-5.2-02"])
def plain_errors(place: Resource) -> Faults:
    """An error is told in text/plain."""
    for answer in _errors(place):
        if failed(answer) and answer.media_type.essence != "text/plain":
            yield answer.fault(f"an error comes as {answer.media_type.essence or 'no media type at all'}")


@rule("SODA-2.3-02", SYNC, level="warning", because=[ROOT, "DALI-2.3-08", "DALI-2.3-02"])
def examples_work(place: Resource) -> Faults:
    """What an example shows is answered with success."""
    for example in place.service.subjects.examples[:EXAMPLES]:
        if kind_of(example.capability) == place.kind and example.parameters:
            answer = place.get(*example.parameters)
            if answer.status >= 400:  # noqa: PLR2004 - refusals and failures
                yield answer.fault(f"the example {example.node.get('id')!r} answers {answer.status}")


@rule("SODA-3.1-01", SYNC, because=[ROOT, "SODA-5.2-02"])
def several_values(place: Resource) -> Faults:
    """Two values of one filter are both answered, or refused under the label for that."""
    dataset = place.service.subjects.first
    name = taken(place, dataset, "CIRCLE", "POS")
    value = dict(region(place, dataset))[name]
    answer = place.get(("ID", dataset.did), (name, value), (name, value.replace(".", ".0", 1) + "1"))
    label = "MultiValuedParamNotSupported"
    if answer.status >= 400 and not labelled(answer, (label,)):  # noqa: PLR2004 - a refusal
        yield answer.fault(f"{name} twice is refused with {message(answer)[:40]!r}, expected {label}")


@rule("SODA-3.3-01", SYNC, because=[ROOT])
def clipped(place: Resource) -> Faults:
    """A region that reaches over the edge of the data is cut at the edge."""
    dataset = place.service.subjects.first
    name = taken(place, dataset, "CIRCLE", "POS")
    lon, lat, _ = dataset.cover
    for wide in (dataset.circle(1.5), f"{lon} {lat} 90"):
        answer = place.get(("ID", dataset.did), (name, wide if name == "CIRCLE" else f"CIRCLE {wide}"))
        if answer.status != 200:  # noqa: PLR2004 - the one status of success
            yield answer.fault(f"a circle larger than the data answers {answer.status}, expected 200")


def _errors(place: Resource) -> tuple[Exchange, ...]:
    """Return the answers to requests that no service can fulfil."""
    found = [place.get(ID=ABSENT), place.get(CIRCLE="10 20 0.1")]
    with suppress(Skip):  # without a dataset there are fewer
        found.append(bad(place))
    return tuple(found)


@rule("SODA-3.3-03", SYNC, because=[ROOT])
def icrs(place: Resource) -> Faults:
    """Coordinates are ICRS degrees: what comes holds the direction that was asked for."""
    dataset = place.service.subjects.first
    answer = cutout(place)
    lon, lat, _ = dataset.cover
    if not answer.cut and not holds(answer.body, lon, lat):
        yield answer.fault(f"the cutout around {lon} {lat} does not hold that direction")


def _whole(place: Resource, dataset: Dataset) -> str:
    """Return the address of the whole file, from the row of SIA2 or the links."""
    rows = [(dataset.row.get("access_url", ""), dataset.row.get("access_format", ""))]
    for links in place.service.resources("datalink.links"):
        told = links.get(ID=dataset.did).view.rows
        this = [row for row in told if row.get("semantics") == "#this"]
        rows += [(row.get("access_url", ""), row.get("content_type", "")) for row in this]
    for url, kind in rows:
        if url.startswith("http") and "fits" in kind:
            return url
    raise Skip("nothing says where the whole file is")


@rule("SODA-3.4-01", SYNC, because=[ROOT, "SODA-5.1-03", "SODA-3.3-01", "SODA-3.3-03"])
def inside(place: Resource) -> Faults:
    """What is cut out lies on the sky within what it is cut out of."""
    dataset = place.service.subjects.first
    url = _whole(place, dataset)
    whole = place.service.get(url)
    if not whole.ok or whole.cut:
        raise Skip("the whole file cannot be had")
    name, wide = taken(place, dataset, "CIRCLE", "POS"), dataset.circle(1.5)
    answer = place.get(("ID", dataset.did), (name, wide if name == "CIRCLE" else f"CIRCLE {wide}"))
    if answer.ok and not answer.cut and not within(answer.body, whole.body):
        yield answer.fault(f"an image of the cutout reaches beyond those of {url}")
