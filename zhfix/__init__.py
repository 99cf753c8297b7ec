"""zhfix detects damaged Chinese text and repairs it to clean Simplified or Traditional.

>>> import zhfix
>>> zhfix.fix("廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會", to="hans")
'广州市番禺区召开高质量发展大会'
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # typing's own costs 10 ms to import
if TYPE_CHECKING:
    from zhfix.api import Fixer, convert, convert_many, detect, explain, fix
    from zhfix.decode import Decoded, decode
    from zhfix.errors import DecodeError, EngineError, OptionError, ZhfixError
    from zhfix.options import Options
    from zhfix.report import Edit, Repair, Report

    __version__: str

__all__ = [
    "DecodeError",
    "Decoded",
    "Edit",
    "EngineError",
    "Fixer",
    "OptionError",
    "Options",
    "Repair",
    "Report",
    "ZhfixError",
    "__version__",
    "convert",
    "convert_many",
    "decode",
    "detect",
    "explain",
    "fix",
]

_HOMES = {
    "api": ("Fixer", "convert_many", "detect", "explain", "fix"),
    "decode": ("Decoded",),
    "errors": ("DecodeError", "EngineError", "OptionError", "ZhfixError"),
    "options": ("Options",),
    "report": ("Edit", "Repair", "Report"),
}


class _Package(type(sys)):  # type: ignore[misc]  # the class of modules, without importing types
    """zhfix as a module whose `convert` and `decode` stay functions, not submodules.

    Python binds a submodule to its parent when it is first imported; a property outranks that.
    """

    def __getattr__(self, name: str) -> object:
        """Public names load at first use: a program that only names zhfix pays nothing."""
        import importlib

        if name == "__version__":
            try:
                return importlib.import_module("zhfix._version").__version__
            except ImportError:
                return "0+unknown"  # a checkout that was never installed
        for home, names in _HOMES.items():
            if name in names:
                value = getattr(importlib.import_module(f"zhfix.{home}"), name)
                setattr(self, name, value)
                return value
        raise AttributeError(f"module 'zhfix' has no attribute {name!r}")

    def __dir__(self) -> list[str]:
        return sorted(__all__)

    def _function(home: str, name: str) -> property:  # runs once, in the body of the class
        def get(self: _Package) -> object:
            import importlib

            return getattr(importlib.import_module(home), name)

        def ignore(self: _Package, submodule: object) -> None:
            """The import system binds the submodule here; sys.modules still has it."""

        return property(get, ignore)

    convert = _function("zhfix.api", "convert")
    decode = _function("zhfix.decode", "decode")


sys.modules[__name__].__class__ = _Package
