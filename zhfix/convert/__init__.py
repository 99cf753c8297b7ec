"""Conversion between scripts and regions."""

from zhfix.convert.front import convert, convert_many

__all__ = ["convert", "convert_many"]
