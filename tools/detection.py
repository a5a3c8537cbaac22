"""Print by which rule the validator finds each fault of the catalogue; the status is 1 if one escapes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from faults.catalogue import CATALOGUE, DOCUMENTS
from faults.judging import judged, judged_document, names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["main"]


def rows() -> Iterator[tuple[str, str, set[str], frozenset[str]]]:
    """Yield the name of each fault, the rule that it breaks, what is told, and what may be told with it."""
    for fault in CATALOGUE:
        told = {finding.code for finding in judged(fault).findings}
        yield fault.name, fault.code, told, fault.also
    for name, (code, content) in DOCUMENTS.items():
        told = {finding.code for finding in judged_document(content).findings}
        yield f"document: {name}", code, told, frozenset()


def main() -> int:
    """Print the table and the sum."""
    found = spread = number = 0
    for name, code, told, also in rows():
        number += 1
        wanted = names_of(code)
        others = sorted(told - wanted - also)
        found += bool(told & wanted)
        spread += bool(others)
        word = "found" if told & wanted else "MISSED"
        print(f"{word:<7} {code:<17} {name}" + (f"  and {', '.join(others)}" if others else ""), flush=True)
    false = {finding.code for finding in judged().findings}
    services = number - len(DOCUMENTS)
    print(f"{number} faults: {services} of services, {len(DOCUMENTS)} of documents")
    print(f"{found} of {number} found, {spread} of them with another root cause told as well")
    print(f"{len(false)} false alarms on the unbroken service")
    return 0 if found == number and not false else 1


if __name__ == "__main__":
    sys.exit(main())
