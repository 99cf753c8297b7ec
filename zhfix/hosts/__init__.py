"""zhfix inside the frameworks people already run: one module per host, imported by its name.

Importing this package costs nothing; `zhfix.hosts.polars` and its siblings need their host, which
an extra of the same name installs (`pip install 'zhfix[polars]'`). docs/hosts.md shows each.
"""
