"""Documents as they are meant to be."""

from __future__ import annotations

from pathlib import Path

__all__ = ["Golden"]

FOLDER = Path(__file__).parent / "data"


class Golden:
    """The documents of `tests/data`, renewed by `--update-golden`."""

    def __init__(self, *, update: bool) -> None:
        self._update = update

    def check(self, name: str, content: bytes) -> None:
        """Fail if *content* is not what `tests/data/<name>` holds."""
        file = FOLDER / name
        if self._update:
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content)
        expected = file.read_text("utf-8") if file.is_file() else ""

        assert expected == content.decode(), (
            f"tests/data/{name} has drifted: pytest --update-golden renews it"
        )
