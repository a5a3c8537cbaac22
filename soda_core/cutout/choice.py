"""Which HDUs of a file an answer keeps."""

import re
from collections.abc import Collection, Iterator, Mapping

from soda_core.cutout.errors import BadOption
from soda_core.cutout.file import HDU, FitsFile
from soda_core.cutout.model import Options, Spans
from soda_core.dali.errors import shown

__all__ = ["kept", "stale"]

LISTED = 16
DIGITS = 9
LONGEST = 24
"""Letters of a name that an error shows."""

_VERSION = re.compile(r"(.*?) *, *([0-9]{1,9})")


def kept(file: FitsFile, options: Options, selected: Mapping[int, Spans | None]) -> Collection[int]:
    """Return the HDUs to keep, with tables that their coordinates need; *selected* are those to be cut.

    The header of the first HDU stays whatever is chosen.
    """
    if not options.hdus and options.planes == "all":
        return range(len(file.hdus))
    found = set(range(len(file.hdus)))
    if options.hdus:
        found = {place for word in options.hdus for place in _places(file, word)}
    if options.planes == "images":
        found &= set(selected)
    needed = {place for index in found if selected.get(index) for place in _tables(file, file.hdus[index])}
    return frozenset(found | needed)


def stale(file: FitsFile, options: Options, *, changed: bool) -> Mapping[int, str]:
    """Return the HDUs that would say something false beside images that are *changed*, with the reason.

    One that the request names stays.
    """
    reasons = {hdu.index: reason for hdu in file.hdus if (reason := _reason(hdu, changed=changed))}
    named = {place for word in options.hdus for place in _places(file, word)} if reasons else ()
    return {index: reason for index, reason in reasons.items() if index not in named}


def _places(file: FitsFile, word: str) -> Collection[int]:
    """Return the places of the HDUs that a number, a name or a name and version mean; refuse unknown ones."""
    text = word.strip()
    if text.isascii() and text.isdecimal() and len(text) <= DIGITS:
        found = [int(text)] if int(text) < len(file.hdus) else []
    else:
        match = _VERSION.fullmatch(text)
        name, version = (match[1].casefold(), int(match[2])) if match else (text.casefold(), None)
        found = [hdu.index for hdu in file.hdus if hdu.folded == name and version in (None, _extver(hdu))]
    if not found:
        raise BadOption(f"HDU={shown(text)}: there is no such HDU; there are: {_listed(file)}")
    return found


def _listed(file: FitsFile) -> str:
    """Return numbers and names of the first HDUs."""
    known = [f"{hdu.index} {_label(hdu)[:LONGEST]}".strip() for hdu in file.hdus[:LISTED]]
    return ", ".join(known) + (f" … {len(file.hdus) - 1}" if len(file.hdus) > LISTED else "")


def _label(hdu: HDU) -> str:
    """Return name and version of an HDU."""
    version = _extver(hdu)
    return f"{hdu.name},{version}" if version > 1 else hdu.name


def _extver(hdu: HDU) -> int:
    return int(hdu.place.cards.number("EXTVER") or 1)


def _tables(file: FitsFile, image: HDU) -> Iterator[int]:
    """Yield the places of the HDUs that the coordinates of an image refer to."""
    for name in (*image.lookups, *image.coordinate_tables):
        if (place := file.names.get(name)) is not None:
            yield place


def _reason(hdu: HDU, *, changed: bool) -> str:
    """Return why a table is false in another file, '' if it is not."""
    if hdu.place.kind != "other":
        return ""
    if hdu.has_addresses:
        return "its byte addresses are those of the whole file"
    if changed and hdu.name.upper() == "ASDF":
        return "its coordinates and shapes are those of the whole images"
    return ""
