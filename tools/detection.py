"""Print by which rule the validator finds each fault of the catalogue; the status is 1 if one escapes."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from faults.catalogue import CATALOGUE
from faults.holdings import BASE
from faults.transport import Fault, Wire
from volint.manners import Limits
from volint.validation import Options, validate

__all__ = ["main"]


def told(fault: Fault | None) -> set[str]:
    """Return the codes of what is found with a fault."""
    options = Options(write=True, limits=Limits(rate=1e9), transport=Wire(fault))
    return {finding.code for finding in validate(fault.target if fault else BASE, options).findings}


def main() -> int:
    """Print the table and the sum."""
    false = told(None)
    found = spread = 0
    for fault in CATALOGUE:
        codes = told(fault)
        others = sorted(codes - {fault.code} - fault.also)
        found += fault.code in codes
        spread += bool(others)
        word = "found" if fault.code in codes else "MISSED"
        print(f"{word:<7} {fault.code:<17} {fault.name}" + (f"  and {', '.join(others)}" if others else ""))
    print(f"{found} of {len(CATALOGUE)} faults found, {spread} of them with another root cause told as well")
    print(f"{len(false)} false alarms on the unbroken service")
    return 0 if found == len(CATALOGUE) and not false else 1


if __name__ == "__main__":
    sys.exit(main())
