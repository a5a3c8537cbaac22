"""The cases of `bench/sweep.py`, for tests."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

__all__ = ["sweep"]

SCRIPT = Path(__file__).parents[1] / "bench" / "sweep.py"


def _loaded() -> Any:  # noqa: ANN401 - a script is no module that the type checker knows
    """Import the script."""
    spec = importlib.util.spec_from_file_location("sweep", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["sweep"] = module
    spec.loader.exec_module(module)
    return module


sweep = _loaded()
