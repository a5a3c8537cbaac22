"""The typed image of a declaration in `specs/`.

The field names are the keys of the TOML tables; a field without a default must be written there. What the
metadata key `help` says is shown by an editor through the JSON Schema.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

__all__ = [
    "Column",
    "Endpoint",
    "ErrorLabel",
    "Format",
    "Head",
    "Level",
    "Match",
    "Need",
    "Parameter",
    "Phase",
    "Requirement",
    "Shape",
    "Standard",
    "Support",
    "Transition",
]

Level: TypeAlias = Literal["MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY", "MIXED", "NONE"]
Need: TypeAlias = Literal["must", "any", "may"]
Support: TypeAlias = Literal["must", "may"]
Method: TypeAlias = Literal["GET", "POST", "DELETE"]
Occurs: TypeAlias = Literal["0..1", "1", "0..*", "1..*"]
Actor: TypeAlias = Literal["client", "server"]
Match: TypeAlias = Literal[
    "",
    "region",
    "interval-overlap",
    "value-in-interval",
    "set-member",
    "string-equal",
    "string-equal-nocase",
    "int-equal",
]


def _help(text: str) -> dict[str, str]:
    return {"help": text}


@dataclass(frozen=True, slots=True)
class Head:
    """Which text the file declares."""

    name: str = field(metadata=_help("Short name as the IVOA document repository writes it"))
    version: str
    title: str
    document: str = field(metadata=_help("Address of the recommendation"))
    section: str = field(default="", metadata=_help("For an extension: where its semantics are written down"))
    extends: str = field(default="", metadata=_help("For an extension: the name of the standard it adds to"))
    builds_on: tuple[str, ...] = field(
        default=(), metadata=_help("Declarations (file stems) whose parameters may be named here")
    )
    description: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """One form that an endpoint can answer in (DALI 1.1, 3.4.3)."""

    media_type: str
    aliases: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    serialization: str = field(default="", metadata=_help("Name of the writer in soda_core.votable"))
    errors: str = field(
        default="", metadata=_help("Media type of the VOTables that tell errors; empty: they are plain text")
    )
    section: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One resource of a service."""

    name: str
    path: str
    methods: tuple[Method, ...]
    standard_id: str = field(metadata=_help("Of the capability; empty: the endpoint is no capability"))
    section: str
    need: Need = field(
        default="must",
        metadata=_help("must: obligatory; any: at least one of those so marked; may: optional"),
    )
    interface: str = field(default="vs:ParamHTTP", metadata=_help("xsi:type of the interface"))
    role: str = ""
    version: str = field(default="", metadata=_help("version attribute of the interface"))
    parameters: tuple[str, ...] = ()
    posts: tuple[str, ...] = field(default=(), metadata=_help("Parameters that only a POST takes"))
    open: bool = field(
        default=False, metadata=_help("Whether a POST takes the parameters of the using standard too")
    )
    media_types: tuple[str, ...] = field(default=(), metadata=_help("What it answers, the default first"))
    empty: str = field(default="", metadata=_help("Section that prescribes 204 for an empty selection"))
    see_other: str = field(
        default="", metadata=_help("Section that prescribes 303 as the answer to POST and DELETE")
    )
    description: str = ""

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """Names of the parameters that the path itself gives: `/tables/{name}`."""
        return tuple(re.findall(r"\{([a-z-]+)\}", self.path))

    def taken(self, method: str) -> tuple[str, ...]:
        """Return the names of the parameters that a request by *method* may bring."""
        return (*self.parameters, *self.posts) if method == "POST" else self.parameters


@dataclass(frozen=True, slots=True)
class Shape:
    """One word that a shape-valued parameter may open with, and the type of what follows."""

    label: str
    type: str
    parameter: str
    section: str
    examples: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of one or more endpoints."""

    name: str
    type: str = field(metadata=_help("Name of the parser in soda_core.dali"))
    datatype: str
    description: str
    section: str
    arraysize: str = ""
    xtype: str = ""
    unit: str = ""
    ucd: str = ""
    ucd_alternatives: tuple[str, ...] = field(default=(), metadata=_help("Spellings seen in other texts"))
    occurs: Occurs = "0..*"
    sent_as: str = field(
        default="", metadata=_help("The name in a request, where another parameter has that name already")
    )
    support: Support = field(default="may", metadata=_help("Whether a service must take the parameter"))
    filter: bool = field(default=False, metadata=_help("All values of one request form a single filter"))
    values: tuple[str, ...] = field(default=(), metadata=_help("The closed list of legal values"))
    obscore: tuple[str, ...] = field(default=(), metadata=_help("ObsCore columns it is compared with"))
    found: tuple[str, ...] = field(
        default=(), metadata=_help("The only values of these columns that an answer holds")
    )
    listed: bool = field(
        default=False, metadata=_help("Whether the self-description lists the values that there are")
    )
    match: Match = field(default="", metadata=_help("How a value is compared with these columns in a query"))
    examples: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = field(
        default=(), metadata=_help("For an extension: the endpoints that take it")
    )
    shapes: tuple[Shape, ...] = field(default=(), metadata={"made": True})

    @property
    def word(self) -> str:
        """The name that a request gives it."""
        return self.sent_as or self.name

    @property
    def is_extension(self) -> bool:
        """Whether an extension declares it: only these name their endpoints."""
        return bool(self.endpoints)


@dataclass(frozen=True, slots=True)
class ErrorLabel:
    """The word that opens an error text of this standard."""

    label: str
    meaning: str
    section: str
    code: str = field(
        default="",
        metadata=_help("The `code` of a class in soda_core.dali.errors; empty: none has this meaning"),
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table that the text defines."""

    name: str
    datatype: str
    description: str
    section: str
    arraysize: str = ""
    xtype: str = ""
    unit: str = ""
    ucd: str = ""
    utype: str = ""
    mandatory: bool = field(default=False, metadata=_help("Whether the table must have the column"))
    not_null: bool = field(default=False, metadata=_help("Whether each row must have a value"))
    principal: bool = field(default=False, metadata=_help("`principal` of TAP_SCHEMA.columns"))
    std: bool = field(default=False, metadata=_help("`std` of TAP_SCHEMA.columns"))
    values: tuple[str, ...] = field(default=(), metadata=_help("The closed list of legal values"))


@dataclass(frozen=True, slots=True)
class Phase:
    """One state of a job."""

    name: str
    description: str
    section: str
    initial: bool = False
    active: bool = field(
        default=False, metadata=_help("The job waits or works: WAIT blocks (UWS 1.1, 2.2.1.2)")
    )
    terminal: bool = False
    writable: bool = field(default=False, metadata=_help("Whether a client may change parameters"))


@dataclass(frozen=True, slots=True)
class Transition:
    """One step from phase to phase."""

    source: str
    target: str
    actor: Actor
    section: str
    request: str = field(default="", metadata=_help("What the client sends, or when the server acts"))
    inferred: bool = field(
        default=False, metadata=_help("It follows from the prose; the diagram is only an image")
    )


@dataclass(frozen=True, slots=True)
class Requirement:
    """One numbered rule of the text."""

    id: str
    level: Level
    section: str
    rule: str
    test: str = ""
    draft: bool = False


@dataclass(frozen=True)
class Standard:
    """A whole declaration, extensions merged in."""

    head: Head
    endpoints: tuple[Endpoint, ...]
    parameters: dict[str, Parameter]
    errors: tuple[ErrorLabel, ...]
    formats: tuple[Format, ...]
    requirements: tuple[Requirement, ...]
    columns: tuple[Column, ...] = ()
    phases: tuple[Phase, ...] = ()
    transitions: tuple[Transition, ...] = ()

    @property
    def name(self) -> str:
        """The standard's short name."""
        return self.head.name

    @cached_property
    def labels(self) -> dict[str, str]:
        """Error labels by the code of the error class; `soda_core.dali.label_of` looks an error up."""
        return {error.code: error.label for error in self.errors if error.code}

    def endpoint(self, name: str) -> Endpoint:
        """Return the endpoint of that name."""
        return {endpoint.name: endpoint for endpoint in self.endpoints}[name]

    def parameters_of(self, endpoint: Endpoint, method: str = "GET") -> tuple[Parameter, ...]:
        """Return what a request by *method* to *endpoint* takes, in the declared order."""
        return tuple(self.parameters[name] for name in endpoint.taken(method))

    def by_word(self, endpoint: Endpoint, method: str = "GET") -> Mapping[str, Parameter]:
        """Return the same by the names of requests, in lower case (DALI 1.1, 3.1)."""
        known = self._words.get((endpoint.name, method))
        if known is None:
            taken = self.parameters_of(endpoint, method)
            known = self._words[endpoint.name, method] = {entry.word.casefold(): entry for entry in taken}
        return known

    @cached_property
    def _words(self) -> dict[tuple[str, str], Mapping[str, Parameter]]:
        return {}

    def formats_of(self, endpoint: Endpoint) -> tuple[Format, ...]:
        """Return the forms that RESPONSEFORMAT may ask of *endpoint*, the default first."""
        return tuple(entry for entry in self.formats if endpoint.name in entry.endpoints)
