"""Words on the terminal: plain on a pipe, with colour for a person."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

__all__ = ["Stop", "done", "error", "notice", "out", "step", "table", "watched", "watching"]

Piece = TypeVar("Piece", bound=Sized)

LONG = 8 << 20
"""Bytes from which on a person wants to see how far it is."""

out = Console(highlight=False, soft_wrap=True)
_errors = Console(stderr=True, highlight=False, soft_wrap=True)


class Stop(Exception):
    """The command cannot go on, for a reason that a person can mend."""


def step(text: str) -> None:
    """Say what begins now."""
    out.print(f"[bold blue]·[/] {escape(text)}")


def done(text: str) -> None:
    """Say what is there now."""
    out.print(f"[bold green]✓[/] {escape(text)}")


def notice(text: str) -> None:
    """Say what may surprise."""
    out.print(f"[yellow]{escape(text)}[/]")


def error(text: str) -> None:
    """Say what is wrong."""
    _errors.print(f"[bold red]sodalite:[/] {escape(text)}")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Show rows in columns, each as wide as its longest text: nothing is cut off, whoever reads."""
    lines = [tuple(head), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for number, line in enumerate(lines):
        padded = "  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip()
        out.print(escape(padded), style=None if number else "bold")


def watched(pieces: Iterable[Piece], size: int) -> Iterator[Piece]:
    """Yield pieces of *size* bytes together, with a bar on a terminal where they are many."""
    if size <= LONG or not _errors.is_terminal:
        yield from pieces
        return
    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_errors, transient=True) as progress:
        task = progress.add_task("", total=size)
        for piece in pieces:
            yield piece
            progress.advance(task, len(piece))


@contextmanager
def watching(unit: str) -> Iterator[Callable[[int, int, int], None]]:
    """Give a function that is told files done, of how many, bytes read; a bar on a terminal shows it."""
    if not _errors.is_terminal:
        yield lambda _done, _total, _size: None
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=_errors, transient=True) as progress:
        task = progress.add_task(unit, total=None)
        yield lambda done, total, size: progress.update(
            task, completed=done, total=total, description=f"{unit}, {size:,} bytes read"
        )
