"""The errors of zhfix: each says what was wrong and what to try."""

from __future__ import annotations

__all__ = ["DecodeError", "EngineError", "OptionError", "ZhfixError"]


class ZhfixError(Exception):
    """Root of every error that zhfix raises on purpose.

    `TypeError` for an argument of the wrong type is the one exception that is not a `ZhfixError`.
    """


class OptionError(ZhfixError, ValueError):
    """An option has a value that zhfix does not know; the message lists the values it does."""


class EngineError(ZhfixError, RuntimeError):
    """A conversion engine that was asked for is not installed or does not work; the message says
    what to install.
    """


class DecodeError(ZhfixError, ValueError):
    """Bytes or a named encoding that could not be turned into text; the message names the place and
    the way out.
    """
