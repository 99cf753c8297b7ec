"""`python -m zhfix` is the `zhfix` command."""

from zhfix.cli import run

run()
