"""`python -m soda_core.cli` is `sodalite`."""

from .main import main

main()
