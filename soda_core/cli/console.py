"""Words on the terminal: plain on a pipe, with colour for a person."""

from rich.console import Console
from rich.markup import escape

__all__ = ["Stop", "done", "error", "out", "step"]

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


def error(text: str) -> None:
    """Say what is wrong."""
    _errors.print(f"[bold red]sodalite:[/] {escape(text)}")
