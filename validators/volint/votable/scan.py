"""A VOTable read once from start to end: rows are judged as they pass, all else is kept as a tree.

So memory stays small however long the table is, and the tree can be held against rules and schemas.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from lxml import etree

from volint.xml import NotXml

from .binary import BinaryRows
from .columns import Column, Flaw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Passed", "Scan", "scan"]

PIECE = 1 << 16
DEEPEST = 100
"""Elements within each other."""

MOST_ELEMENTS = 200_000
"""Elements that are no cells."""

LONGEST = 1 << 22
"""Characters of a text or of one tag, cells and streams aside."""

MOST_FLAWS = 5
"""Flaws of one rule that are kept; further ones are counted."""

LONGEST_CELL = 1 << 24
LAST_LINE = 0xFFFF
"""The greatest line that a node can tell."""

SEPARATOR = " "
BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


class Passed(NamedTuple):
    """What was wrong on the way: the rule, the line, a sentence."""

    code: str
    line: int
    message: str


@dataclass
class Scan:
    """The tree without its rows, what is wrong with these, and how many there were in each table."""

    root: etree._Element
    flaws: list[Passed] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    rows: dict[etree._Element, int] = field(default_factory=dict)

    def of(self, code: str) -> Iterator[Passed]:
        """Yield what breaks a rule; the last tells how much more there is."""
        yield from (flaw for flaw in self.flaws if flaw.code == code)
        if (more := self.counts[code] - MOST_FLAWS) > 0:
            yield Passed(code, 0, f"and {more} more of the same")


def scan(pieces: Iterable[bytes], keep: int = 0) -> Scan:
    """Read a document that comes in pieces, its tree with the first *keep* rows of cells; raises `NotXml`."""
    reader = _Reader(keep)
    for piece in pieces:
        for at in range(0, len(piece), PIECE):
            reader.feed(piece[at : at + PIECE])
    return reader.close()


class _Reader:
    """What becomes of each event of the parser."""

    def __init__(self, keep: int) -> None:
        self.keep = keep
        parser = self._parser = expat.ParserCreate(namespace_separator=SEPARATOR)
        parser.buffer_text = True
        parser.buffer_size = PIECE
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.EntityDeclHandler = _no_entity
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        self._stack: list[etree._Element] = []
        self._root: etree._Element | None = None
        self._spaces: dict[str | None, str] = {}
        self._elements = 0
        self._quiet = 0
        self._found = Scan(etree.Element("none"))
        self._rows: _Rows | None = None
        self._words: list[str] = []
        self._length = 0

    def feed(self, data: bytes) -> None:
        """Take more bytes."""
        self._quiet += len(data)
        try:
            self._parser.Parse(data)
        except expat.ExpatError as error:
            message = expat.errors.messages.get(error.code, "unreadable")
            raise NotXml(f"not well-formed: {message}", error.lineno) from None
        if self._quiet > LONGEST:
            raise NotXml("a tag or a text is endlessly long", self.line)

    def close(self) -> Scan:
        """Return what was read."""
        try:
            self._parser.Parse(b"", True)  # noqa: FBT003 - its only form
        except expat.ExpatError as error:
            message = expat.errors.messages.get(error.code, "unreadable")
            raise NotXml(f"not well-formed: {message}", error.lineno) from None
        if self._root is None:
            raise NotXml("there is nothing in it", 0)
        self._found.root = self._root
        return self._found

    @property
    def line(self) -> int:
        """Where the parser is."""
        return self._parser.CurrentLineNumber

    def note(self, flaws: Iterable[Flaw]) -> None:
        """Keep the first flaws of each rule."""
        for code, message in flaws:
            self._found.counts[code] += 1
            if self._found.counts[code] <= MOST_FLAWS:
                self._found.flaws.append(Passed(code, self.line, message))

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        self._spaces[prefix] = uri or ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._quiet = 0
        if self._rows is not None:
            self._rows.start(name.rpartition(SEPARATOR)[2], attributes)
            return
        self._flush()
        self._elements += 1
        if self._elements > MOST_ELEMENTS or len(self._stack) >= DEEPEST:
            raise NotXml("there are more elements than anybody needs", self.line)
        node = self._made(name, attributes)
        self._stack.append(node)
        self._rows = _rows_of(node, self)

    def _made(self, name: str, attributes: dict[str, str]) -> etree._Element:
        """Add an element to the tree."""
        spaces = {prefix: uri for prefix, uri in self._spaces.items() if uri}
        self._spaces = {}
        try:
            given = {_qualified(key): value for key, value in attributes.items()}
            if self._stack:
                node = etree.SubElement(self._stack[-1], _qualified(name), given, spaces)
            else:
                node = self._root = etree.Element(_qualified(name), given, spaces)
        except ValueError as error:
            raise NotXml(str(error), self.line) from None
        node.sourceline = min(self.line, LAST_LINE)  # type: ignore[misc] # the stubs think that it cannot be set
        return node

    def _end(self, _name: str) -> None:
        self._quiet = 0
        if self._rows is not None:
            if self._rows.end():
                return
            if (table := self._rows.table) is not None:
                self._found.rows[table] = self._rows.count
            self._rows = None
        self._flush()
        self._stack.pop()

    def _text(self, text: str) -> None:
        self._quiet = 0
        if self._rows is not None:
            self._rows.text(text)
            return
        self._length += len(text)
        if self._length > LONGEST:
            raise NotXml("a text is endlessly long", self.line)
        self._words.append(text)

    def _flush(self) -> None:
        """Hang the text read so far where it belongs."""
        text, self._words, self._length = "".join(self._words), [], 0
        if not text or not self._stack:
            return
        parent = self._stack[-1]
        try:
            if len(parent):
                parent[-1].tail = (parent[-1].tail or "") + text
            else:
                parent.text = (parent.text or "") + text
        except ValueError as error:
            raise NotXml(str(error), self.line) from None


class _Rows:
    """Rows of one table on their way."""

    def __init__(self, reader: _Reader, node: etree._Element, version: str) -> None:
        self._note: Callable[[Iterable[Flaw]], None] = reader.note
        self.node = node
        table = next(node.iterancestors("{*}TABLE"), None)
        self.table = table
        nodes = [] if table is None else _fields(table)
        self.columns = [Column.of(node, version) for node in nodes]
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet an element within."""
        raise NotImplementedError

    def end(self) -> bool:
        """Meet the end of an element; False if it is that of the rows."""
        raise NotImplementedError

    def text(self, text: str) -> None:
        """Meet text."""
        raise NotImplementedError


class _Cells(_Rows):
    """TABLEDATA: rows of cells."""

    def __init__(self, reader: _Reader, node: etree._Element, version: str) -> None:
        super().__init__(reader, node, version)
        self._reader = reader
        self._usual = [column.usual for column in self.columns]
        self._path: list[str] = []
        self._cell: list[str] | None = None
        self._size = 0
        self._encoded = ""
        self._number = 0
        self._odd = False
        self._row: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        depth = len(self._path)
        expected = ("TR", "TD")[depth] if depth < 2 else None  # noqa: PLR2004 - rows and cells
        if name != expected:
            self._note([Flaw("VOT-3-01", f"{name} stands in {self._path[-1] if depth else 'TABLEDATA'}")])
            self._odd = True
        if depth >= DEEPEST:
            raise NotXml("there are more elements than anybody needs", self._reader.line)
        self._path.append(name)
        if depth == 0:
            self._number, self._odd = 0, name != expected
        elif depth == 1:
            self._cell, self._size, self._encoded = [], 0, attributes.get("encoding", "")

    def end(self) -> bool:
        if not self._path:
            return False
        self._path.pop()
        if len(self._path) == 1:
            text = "".join(self._cell or ())
            self._judge(text)
            self._cell = None
            if self.count < self._reader.keep:
                self._row.append(text)
        elif not self._path:
            if self.count < self._reader.keep:
                self._keep()
            self.count += 1
            if self._number != len(self.columns) and not self._odd:
                there = f"a row has {self._number} cells, there are {len(self.columns)} columns"
                self._note([Flaw("VOT-5.1-01", there)])
        return True

    def text(self, text: str) -> None:
        if self._cell is None:
            if text.strip():
                self._note([Flaw("VOT-3-01", f"text stands between cells: {text.strip()[:40]!r}")])
            return
        self._size += len(text)
        if self._size > LONGEST_CELL:
            raise NotXml("a cell is endlessly long", self._reader.line)
        self._cell.append(text)

    def _keep(self) -> None:
        """Hang a row into the tree."""
        row = etree.SubElement(self.node, _beside(self.node, "TR"))
        for text in self._row:
            etree.SubElement(row, _beside(self.node, "TD")).text = text
        self._row = []

    def _judge(self, text: str) -> None:
        """Hold a cell against its column."""
        number, self._number = self._number, self._number + 1
        if self._encoded == "base64" and not BASE64.fullmatch("".join(text.split())):
            self._note([Flaw("VOT-5.6-01", f"a cell is said to be base64: {text.strip()[:40]!r}")])
        if number < len(self.columns) and not self._usual[number](text) and not self._encoded:
            self._note(self.columns[number].flaws(text))


class _Stream(_Rows):
    """BINARY, BINARY2: rows in a stream of base64."""

    def __init__(self, reader: _Reader, node: etree._Element, version: str, *, flagged: bool) -> None:
        super().__init__(reader, node, version)
        self._decoder = BinaryRows(self.columns, flagged=flagged)
        self._code = "VOT-5.4-01" if flagged else "VOT-5.3-01"
        self._depth = 0
        self._held = ""
        self._inline = False
        self._broken = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if name != "STREAM" or self._depth > 1:
            self._note([Flaw("VOT-3-01", f"{name} stands where a STREAM is expected")])
            return
        etree.SubElement(self.node, _beside(self.node, "STREAM"), attributes)
        if not attributes.get("href"):
            self._inline = True
            encoding = attributes.get("encoding", "none")
            if encoding != "base64":
                self._broken = True
                self._note([Flaw("VOT-5.6-01", f"encoding={encoding!r}, an inline stream is of base64")])

    def end(self) -> bool:
        if not self._depth:
            return False
        self._depth -= 1
        if self._inline and not self._depth:
            self._take(self._held, last=True)
            if not self._broken:
                self._note(self._decoder.close())
            self.count = self._decoder.rows
        return True

    def text(self, text: str) -> None:
        if self._inline and not self._broken:
            self._take(self._held + "".join(text.split()), last=False)

    def _take(self, text: str, *, last: bool) -> None:
        """Decode whole groups of four characters."""
        whole = len(text) if last else len(text) - len(text) % 4
        self._held = text[whole:]
        if self._broken or not whole:
            return
        try:
            data = base64.b64decode(text[:whole], validate=True)
        except (binascii.Error, ValueError):
            self._broken = True
            self._note([Flaw("VOT-5.6-01", "the stream is no base64")])
            return
        self._note(self._decoder.feed(data))


def _fields(table: etree._Element) -> list[etree._Element]:
    """Return the columns of a table, or those of the table that it says it is like (VOTable 1.5, 3.8)."""
    own = table.findall("{*}FIELD")
    if own or not table.get("ref"):
        return own
    root = table.getroottree().getroot()
    named = (other for other in root.iter("{*}TABLE") if other.get("ID") == table.get("ref"))
    return next((other.findall("{*}FIELD") for other in named), [])


def _rows_of(node: etree._Element, reader: _Reader) -> _Rows | None:
    """Return what judges the rows in an element, None if it holds none."""
    name = etree.QName(node).localname
    if name not in ("TABLEDATA", "BINARY", "BINARY2"):
        return None
    version = node.getroottree().getroot().get("version", "")
    if name == "TABLEDATA":
        return _Cells(reader, node, version)
    return _Stream(reader, node, version, flagged=name == "BINARY2")


def _qualified(name: str) -> str:
    space, _, local = name.rpartition(SEPARATOR)
    return f"{{{space}}}{local}" if space else local


def _beside(node: etree._Element, name: str) -> str:
    """Return a name in the namespace of *node*."""
    space = etree.QName(node).namespace
    return f"{{{space}}}{name}" if space else name


def _no_doctype(_name: str, _system: str | None, _public: str | None, has_subset: int) -> None:
    if has_subset:
        raise NotXml("its DOCTYPE declares things of its own, which is not read", 1)


def _no_entity(*_told: object) -> None:
    raise NotXml("it declares entities, which are not read", 1)
