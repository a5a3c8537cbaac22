"""SIA2: each constraint is obeyed; the checks are made of the declaration (SIA 2.0, 2.1.2 to 2.1.17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volint.answers import failed, message
from volint.check import Check, rule
from volint.facts import declared
from volint.model import Skip
from volint.scopes import QUERY
from volint.votable.view import numbers

from .sia2 import ENOUGH, ROOT, keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from soda_core.standards import Parameter
    from volint.check import Faults
    from volint.service import Resource

__all__ = [
    "CELLS",
    "OF_PARAMETERS",
    "OWN",
    "bad_values",
    "both",
    "bounds_belong",
    "either",
    "either_word",
    "no_negative_number",
    "nulls_never_match",
    "one_number",
    "open_intervals",
    "values_have_case",
    "whole_strings",
]

CELLS = "VOT-5.1-01"
"""Where rows have other cells than columns, nothing can be said of their values."""

VALUES = 2
"""Values of a parameter that are asked for."""

OPEN = "-Inf +Inf"
SOME = "50"
"""Rows that are looked at where an archive may find all that it has."""


def _rows(query: Resource, parameter: Parameter) -> Iterator[Mapping[str, str]]:
    """Yield known rows with a value in every column that the parameter is compared with."""
    for row in query.service.subjects.rows:
        cells = [row.get(name, "") for name in parameter.obscore]
        if all(cells) and "nan" not in [cell.lower() for cell in cells]:
            yield row


def _value(parameter: Parameter, row: Mapping[str, str]) -> str:
    """Return a value of the parameter that the row matches."""
    own = [row[name] for name in parameter.obscore]
    if parameter.match == "set-member":
        return own[0].strip("/").split("/")[0]
    if parameter.match == "string-equal-nocase":
        scheme, _, rest = own[0].partition("://")
        authority, slash, path = rest.partition("/")
        return f"{scheme.upper()}://{authority.upper()}{slash}{path}" if rest else own[0]
    if parameter.match == "interval-overlap":
        return " ".join(sorted(own, key=lambda end: _numbers(end)[0]))
    if parameter.match == "value-in-interval":
        number = _numbers(own[0])[0]
        return f"{number - abs(number) * 1e-6!r} {number + abs(number) * 1e-6!r}"
    return own[0]


def _matches(parameter: Parameter, value: str, row: Mapping[str, str]) -> bool:
    """Tell whether a row meets the constraint; an empty cell never does."""
    own = [row.get(name, "") for name in parameter.obscore]
    if not any(own):
        return False
    if parameter.match == "set-member":
        return f"/{value}/" in own[0]
    if parameter.match == "string-equal-nocase":
        return own[0].lower() == value.lower()
    if parameter.match in ("string-equal", "int-equal"):
        return own[0] == value
    low, high = _numbers(value)
    first = _numbers(own[0])[0] if own[0] else float("-inf")
    last = _numbers(own[-1])[0] if own[-1] else float("inf")
    return first <= high and last >= low


def _numbers(text: str) -> tuple[float, ...]:
    """Return the numbers of a cell or a value; what is none has a rule of its own."""
    found = numbers(text)
    if not found:
        raise Skip(f"{text!r} is no number")
    return found


def _check(parameter: Parameter) -> Callable[[Resource], Faults]:
    """Return what asks for a value that there is, and looks at every row that comes."""

    def run(query: Resource) -> Faults:
        values: dict[str, Mapping[str, str]] = {}
        for row in _rows(query, parameter):
            values.setdefault(_value(parameter, row), row)
        if not values:
            raise Skip(f"no row has a value of {' and '.join(parameter.obscore)}")
        for value, row in list(values.items())[:VALUES]:
            yield from _obeyed(query, parameter, value, row)

    return run


def _obeyed(query: Resource, parameter: Parameter, value: str, row: Mapping[str, str]) -> Faults:
    """Ask for a value of a row, and look at every row that comes."""
    answer = query.get((parameter.name, value), MAXREC=ENOUGH)
    if failed(answer):
        yield answer.fault(f"{parameter.name}={value} is refused: {message(answer)[:60]}")
        return
    view = answer.view
    for other in (entry for entry in view.rows if not _matches(parameter, value, entry)):
        cells = [other.get(name) for name in parameter.obscore]
        yield answer.fault(f"{parameter.name}={value} finds a row with {parameter.obscore} = {cells}")
        return
    if row.get("obs_publisher_did") not in keys(answer) and not view.overflow:
        yield answer.fault(f"{parameter.name}={value} does not find the row that it was taken from")


def _made() -> Iterator[Check[Resource]]:
    """Yield a check for each parameter that is compared with columns."""
    for parameter in declared("sia2").parameters.values():
        if parameter.match and parameter.match != "region":
            yield Check(
                f"SIA2-{parameter.section}-01",
                QUERY,
                f"{parameter.name} finds the rows that match it, and no others.",
                _check(parameter),
                ("SIA2-2.1-02", "SIA2-2.1-03"),
                (ROOT, CELLS, "VOT-6-01"),
            )


OF_PARAMETERS = tuple(_made())
OWN = tuple(check.code for check in OF_PARAMETERS)
"""Rules of single parameters, which come before those of several."""


def _intervals() -> list[Parameter]:
    """Return the parameters that take an interval of numbers."""
    kinds = ("interval-overlap", "value-in-interval")
    return [entry for entry in declared("sia2").parameters.values() if entry.match in kinds]


@rule("SIA2-2.1-09", QUERY, because=[ROOT, *OWN])
def open_intervals(query: Resource) -> Faults:
    """Infinite ends leave an interval open, at any parameter that takes one."""
    for parameter in _intervals():
        answer = query.get((parameter.name, OPEN), MAXREC=SOME)
        if failed(answer):
            yield answer.fault(f"{parameter.name}={OPEN} is refused: {message(answer)[:60]}")


@rule("SIA2-2.1-04", QUERY, because=[ROOT, CELLS, *OWN, "SIA2-2.1-09"])
def nulls_never_match(query: Resource) -> Faults:
    """A row without a value is not found by the widest interval."""
    for parameter in _intervals():
        answer = query.get((parameter.name, OPEN), MAXREC=SOME)
        for row in answer.view.rows:
            if all(row.get(name, "") in ("", "NaN") for name in parameter.obscore):
                told = f"{parameter.name}={OPEN} finds {row.get('obs_publisher_did')}"
                yield answer.fault(f"{told}, which has no {' and no '.join(parameter.obscore)}")
                break


@rule("SIA2-2.1-10", QUERY, because=[ROOT, CELLS, *OWN])
def bounds_belong(query: Resource) -> Faults:
    """A row is found by an interval that ends or begins at its value.

    Whole numbers alone are tried: others may have lost digits on their way.
    """
    tried = False
    for parameter in _intervals():
        for row in _rows(query, parameter):
            first, last = (_numbers(row[name])[0] for name in (parameter.obscore[0], parameter.obscore[-1]))
            if not (first > 0 and first.is_integer() and last.is_integer()):
                continue
            tried = True
            for value in (f"{first / 2!r} {first!r}", f"{last!r} {last * 2!r}"):
                answer = query.get((parameter.name, value), MAXREC=ENOUGH)
                missing = failed(answer) or row.get("obs_publisher_did") not in keys(answer)
                if missing and not (not failed(answer) and answer.view.overflow):
                    yield answer.fault(
                        f"{parameter.name}={value} does not find a row with {parameter.obscore} at its end"
                    )
            break
    if not tried:
        raise Skip("no row has whole numbers to try")


@rule("SIA2-2.1-06", QUERY, because=[ROOT, CELLS, "SIA2-2.1.10-01"])
def either(query: Resource) -> Faults:
    """Two values of one parameter find what either of them finds."""
    known = (row.get("obs_publisher_did", "") for row in query.service.subjects.rows)
    dids = [did for did in known if did][:2]
    if len(dids) < 2:  # noqa: PLR2004 - two values
        raise Skip("fewer than two datasets are known")
    answer = query.get(("ID", dids[0]), ("ID", dids[1]), MAXREC=ENOUGH)
    if failed(answer) or keys(answer) != sorted(dids):
        yield answer.fault(
            f"ID twice finds {len(keys(answer)) if not failed(answer) else 'nothing'}, expected both"
        )


@rule("SIA2-2.1-06", QUERY, because=[ROOT, CELLS, *OWN, "SIA2-2.1-06"])
def either_word(query: Resource) -> Faults:
    """Two words of one parameter find what either of them finds."""
    for parameter in declared("sia2").parameters.values():
        if parameter.match != "string-equal":
            continue
        rows = _rows(query, parameter)
        words = list(dict.fromkeys(row[parameter.obscore[0]] for row in rows))[:2]
        if len(words) < 2:  # noqa: PLR2004 - two words
            continue
        answer = query.get(*((parameter.name, word) for word in words), MAXREC=ENOUGH)
        found = set() if failed(answer) else {row.get(parameter.obscore[0]) for row in answer.view.rows}
        if not set(words) <= found and (failed(answer) or not answer.view.overflow):
            yield answer.fault(f"{parameter.name} of {words[0]!r} and {words[1]!r} does not find both")


@rule("SIA2-2.1-07", QUERY, because=[ROOT, CELLS, "SIA2-2.1.10-01"])
def both(query: Resource) -> Faults:
    """Values of different parameters find what both of them find."""
    rows = [
        row for row in query.service.subjects.rows if row.get("obs_publisher_did") and row.get("calib_level")
    ]
    if not rows:
        raise Skip("no row with an identifier and a calibration level is known")
    other = "0" if rows[0]["calib_level"] != "0" else "4"
    answer = query.get(ID=rows[0]["obs_publisher_did"], CALIB=other, MAXREC=ENOUGH)
    if failed(answer) or keys(answer):
        yield answer.fault(f"ID of one dataset and CALIB={other}, which it has not, do not find nothing")


@rule("SIA2-2.1-08", QUERY, because=[ROOT])
def one_number(query: Resource) -> Faults:
    """A numeric parameter takes one number for an interval of that alone."""
    for name, value in (("EXPTIME", "100"), ("BAND", "5.5e-7"), ("TIME", "55000.5")):
        one = query.get((name, value), MAXREC=ENOUGH)
        pair = query.get((name, f"{value} {value}"), MAXREC=ENOUGH)
        if failed(one):
            yield one.fault(f"{name}={value} is refused: {message(one)[:60]}")
        elif keys(one) != keys(pair):
            yield one.fault(f"{name}={value} finds other rows than {name}={value} {value}")


@rule("DALI-3.1-02", QUERY, because=[ROOT, "SIA2-2.1.11-01"])
def values_have_case(query: Resource) -> Faults:
    """Values are compared as they are written."""
    for row in query.service.subjects.rows:
        own = row.get("obs_collection", "")
        if own and own.swapcase() != own:
            answer = query.get(COLLECTION=own.swapcase(), MAXREC="10")
            found = {entry.get("obs_collection") for entry in answer.view.rows} if answer.ok else set()
            if own in found:
                yield answer.fault(f"COLLECTION={own.swapcase()} finds rows of {own}")
            return
    raise Skip("no row with a collection is known")


@rule("SIA2-2.1-11", QUERY, because=[ROOT, CELLS, *OWN, "DALI-3.1-02", "OBS-4.1-01"])
def whole_strings(query: Resource) -> Faults:
    """A text is compared in full and with its case: its start finds nothing, nor do other letters."""
    for parameter in declared("sia2").parameters.values():
        row = next(_rows(query, parameter), None) if parameter.match == "string-equal" else None
        own = row[parameter.obscore[0]] if row is not None else ""
        for value in (own[:-1].strip(), own.swapcase()):
            if value in ("", own):
                continue
            answer = query.get((parameter.name, value), MAXREC=ENOUGH)
            found = (
                set() if failed(answer) else {entry.get(parameter.obscore[0]) for entry in answer.view.rows}
            )
            if own in found:
                yield answer.fault(f"{parameter.name}={value} finds rows with {own!r}")


@rule("DALI-4.2-01", QUERY, because=[ROOT, *OWN, "SIA2-2.1.1-06", "SIA2-2.1.18-01"])
def bad_values(query: Resource) -> Faults:
    """A word where a number is expected is refused as a mistake of the client."""
    names = [entry.name for entry in _intervals()] + ["CALIB", "MAXREC"]
    for name in names:
        answer = query.get((name, "volint"), *(() if name == "MAXREC" else (("MAXREC", "3"),)))
        if not failed(answer):
            yield answer.fault(f"{name}=volint is answered {answer.status} as if it were a number")
        elif answer.status >= 500:  # noqa: PLR2004 - blames the server
            yield answer.fault(f"{name}=volint is answered {answer.status}, expected 4xx")


@rule("DALI-3.4-07", QUERY, level="warning", because=[ROOT, "DALI-4.2-01", "SIA2-2.1.18-01"])
def no_negative_number(query: Resource) -> Faults:
    """No service can give fewer than no rows: a negative MAXREC is refused."""
    answer = query.get(MAXREC="-1")
    if not failed(answer) and answer.view.rows:
        yield answer.fault(f"MAXREC=-1 gives {len(answer.view.rows)} rows")
