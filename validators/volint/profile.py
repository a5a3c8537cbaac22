"""What a caller knows of a service that it does not tell itself: a small TOML file."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Profile", "ProfileError"]


class ProfileError(ValueError):
    """A profile cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A dataset and what covers it: circle in degrees (ICRS), band in metres, time as MJD; rules left out."""

    id: str = ""
    circle: str = ""
    band: str = ""
    time: str = ""
    pol: str = ""
    skip: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Profile:
        """Read a file; a key that means nothing is refused."""
        try:
            table = tomllib.loads(path.read_text("utf-8"))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ProfileError(f"{path}: {error}") from None
        known = [entry.name for entry in fields(cls)]
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                raise ProfileError(
                    f"{path}: unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else "")
                )
        words = {key: str(value) for key, value in table.items() if key != "skip"}
        return cls(**words, skip=tuple(table.get("skip", ())))
