"""How Sphinx makes the documentation; it needs no network."""

import importlib.metadata
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Sodalite"
copyright = "the Sodalite developers"
release = importlib.metadata.version("sodalite")

extensions = ["myst_parser", "declared"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"Sodalite {release}"
html_static_path = ["_static"]
html_theme_options = {"navigation_with_keys": True}
