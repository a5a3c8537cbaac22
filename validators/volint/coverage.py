"""Which rules are covered, which cannot be tested from outside, and which are left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .checks import all_checks
from .facts import facts

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["UNTESTABLE", "Line", "count"]

CLIENT = "a rule for clients and validators"
NOT_OURS = "a request that changes a service of somebody else"
SLOW = "needs work that lasts long enough to be watched"
CHOICE = "leaves the choice to the service: nothing can be broken"
TWICE = "needs two runs, or two callers"

OF_TAP = "a query of TAP, which is left to validators of TAP"

UNTESTABLE: dict[str, str] = {
    "DALI-2.2-03": CHOICE,
    "DALI-2-08": CHOICE,
    "DALI-2-09": CLIENT,
    "DALI12-2-11": CLIENT,
    "DALI-2.2-04": CLIENT,
    "DALI-4.4-09": CLIENT,
    "DALI-2.3-11": "whether a page can be read in a browser is for people to judge",
    "DALI-3.4-13": NOT_OURS,
    "DALI-4.1-03": CHOICE,
    "DALI12-3-11": CHOICE,
    "DALI12-4-10": CHOICE,
    "DALI-3.3-02": "no parameter of SODA, SIA2 or DataLink is a boolean",
    "DALI-3.4-01": "no parameter of SODA, SIA2 or DataLink is REQUEST",
    "SODA-3.1-02": CHOICE,
    "SODA-3.2-01": CLIENT,
    "VOSI-2-02": NOT_OURS,
    "VOSI-2-06": CLIENT,
    "VOSI-3.2-06": "whether the parts of a service work is known to itself alone",
    "VOSI-3.3-01": "SODA, SIA2 and DataLink promise no tables",
    "VOSI-3.3-11": CLIENT,
    "VOSI-4-07": CHOICE,
    "VOSI12-01": NOT_OURS,
    "VOSI12-02": CHOICE,
    "DL-2.1.1-02": CHOICE,
    "DL-2.2-01": CHOICE,
    "DL-2.3-01": CHOICE,
    "DL-3.2.10-01": CHOICE,
    "DL-3.3-04": CLIENT,
    "DL-4.2-05": CLIENT,
    "DL-4.2-06": CLIENT,
    "UWS-2.1-05": SLOW,
    "UWS-2.1-07": CLIENT,
    "UWS-2.1-08": SLOW,
    "UWS-2.1-09": SLOW,
    "UWS-2.1-11": SLOW,
    "UWS-2.2-03": CHOICE,
    "UWS-2.2.1.2-04": CLIENT,
    "UWS-2.2.1.2-05": CHOICE,
    "UWS-3-01": TWICE,
    "UWS-3-03": TWICE,
    "OBS-4.4-01": TWICE,
    "OBS-4-01": "concerns TAP",
    "OBS-4.1-03": "no measurements are among images and cubes",
    "OBS-4.22-01": "concerns TAP",
    "OBS-5-01": "concerns TAP",
    "OBS-5-02": "concerns TAP",
    "OBS-C-02": "concerns TAP",
    "REG-TRE-02": OF_TAP,
    "REG-TRE-06": OF_TAP,
    "REG-TRE-07": OF_TAP,
    "SCS-2-15": CHOICE,
    "SCS-2-18": CHOICE,
    "SIA2-3.1-03": CHOICE,
    "VOT-3-04": CHOICE,
    "VOT-3.2-03": CHOICE,
    "VOT-3.6-02": CHOICE,
    "VOT-4.6-01": CLIENT,
    "VOT-5.1-05": CLIENT,
    "VOT-5.5-01": CLIENT,
}
"""Rules that no request or document can show to be broken, with the reason."""


@dataclass(frozen=True, slots=True)
class Line:
    """How the rules of one standard stand."""

    standard: str
    covered: tuple[str, ...]
    untestable: tuple[str, ...]
    left: tuple[str, ...]
    must_covered: int
    must_testable: int


def count() -> Iterator[Line]:
    """Yield a line for each standard."""
    codes = {code for check in all_checks() for code in check.codes}
    for standard in dict.fromkeys(fact.standard for fact in facts().values()):
        own = [fact for fact in facts().values() if fact.standard == standard]
        must = [fact.id for fact in own if fact.must.startswith("MUST") and not fact.draft]
        testable = [code for code in must if code not in UNTESTABLE or code in codes]
        yield Line(
            standard,
            tuple(fact.id for fact in own if fact.id in codes),
            tuple(fact.id for fact in own if fact.id in UNTESTABLE and fact.id not in codes),
            tuple(fact.id for fact in own if fact.id not in codes and fact.id not in UNTESTABLE),
            sum(code in codes for code in testable),
            len(testable),
        )
