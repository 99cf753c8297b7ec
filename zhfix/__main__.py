"""`python -m zhfix` is the `zhfix` command."""

from zhfix.cli import run

if __name__ == "__main__":
    run()
