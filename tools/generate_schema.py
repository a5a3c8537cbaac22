"""Write `specs/standard.schema.json`, which tells an editor what a declaration may hold."""

import argparse
import json
import sys
from pathlib import Path

from soda_core.standards import json_schema

__all__ = ["main", "schema_text"]

TARGET = Path(__file__).resolve().parent.parent / "specs" / "standard.schema.json"
SESSION = "nox -s generate"


def main(arguments: list[str] | None = None) -> int:
    """Write the schema, or with `--check` tell whether it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=TARGET, metavar="FILE", help="the file to write")
    parser.add_argument("--check", action="store_true", help="change nothing, fail if the file differs")
    options = parser.parse_args(arguments)
    text = schema_text()
    if not options.check:
        options.output.write_text(text, "utf-8")
    elif not options.output.is_file() or options.output.read_text("utf-8") != text:
        print(f"{options.output.name}: out of date, run: {SESSION}")
        return 1
    return 0


def schema_text() -> str:
    """Return the schema as it is committed."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
