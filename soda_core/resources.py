"""Find the data folders, in a checkout or in an installed wheel."""

from pathlib import Path

__all__ = ["specs", "templates", "xsd"]

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    """Return the wheel's copy of folder *name*, or else the checkout's."""
    carried = _PACKAGE / name
    return carried if carried.is_dir() else _PACKAGE.parent / name


def specs() -> Path:
    """Return the folder of the declared standards."""
    return _folder("specs")


def xsd() -> Path:
    """Return the folder of the IVOA schemas with their catalog."""
    return _folder("xsd")


def templates() -> Path:
    """Return the folder of the jinja2 templates."""
    return _folder("templates")
