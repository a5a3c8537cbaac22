"""`python -m volint`."""

from volint.cli import main

main()
