"""The run behind --report: repairs are noted on a page, which is written when all is done."""

from __future__ import annotations

from zhfix.api import Fixer
from zhfix.arguments import Arguments
from zhfix.errors import OptionError, ZhfixError
from zhfix.files import STDIN, own_handle, shown
from zhfix.intake import reason
from zhfix.meter import Meter
from zhfix.plans import Outcome, Placed, Plan, Repairer, TextPlan
from zhfix.report import Repair, counts
from zhfix.sinks import replaced
from zhfix.stream import Piece

TYPE_CHECKING = False  # a command of one line does not wait for typing and pathlib
if TYPE_CHECKING:
    from pathlib import Path

    from zhfix.page import Section

__all__ = ["Noted", "noted"]


def noted(args: Arguments, fixer: Fixer) -> Noted | None:
    """What --report asks for; None without it."""
    return None if args.report is None else Noted(fixer, args)


class Noted(Repairer):
    """A Repairer that explains instead of fixing, with the same result, and notes it on a page.

    It works in this process, file after file: `begin` each, then call it with the pieces in order.
    """

    def __init__(self, fixer: Fixer, args: Arguments) -> None:
        from pathlib import Path

        from zhfix.page import Page  # only with --report

        super().__init__(fixer, is_counted=args.stats)
        self._path = _usable(Path(args.report), [*args.files, args.output or STDIN])
        self._page = Page(fixer)
        self._name = ""
        self._section: Section | None = None
        self._value = _Value(self)

    def begin(self, name: str) -> None:
        """What comes next is of this file; without anything of it, it is not on the page."""
        self._name = shown(name)
        self._section = None
        self._value.first_line = 0

    def __call__(self, plan: Plan, piece: Piece) -> Outcome:
        """The piece repaired, and noted."""
        self._edits = {}
        is_text = isinstance(plan, TextPlan)
        outcome = plan.repaired(piece, self.fix if is_text else self._value)
        self._value.first_line += outcome.n_lines
        return outcome._replace(edits=tuple(self._edits.items())) if self._edits else outcome

    def fix(self, text: str, *, line: int | None = None) -> str:
        """The text that comes next repaired; a value of a record stands at `line` of the file."""
        return self.explain(text, line=line).text

    def explain(self, text: str, *, line: int | None = None) -> Repair:
        """The repair of the text that comes next."""
        repair = self.fixer.explain(text)
        self.section().add(repair, line=line)
        if self.is_counted:
            for rule, n in counts(repair.edits).items():
                self._edits[rule] = self._edits.get(rule, 0) + n
        return repair

    def section(self) -> Section:
        """The part of the page that the file has."""
        if not self._section:
            self._section = self._page.start(self._name)
        return self._section

    def fail(self, name: str, why: str) -> None:
        """Not all went well with the file, if it is the one that was begun."""
        if name and shown(name) == self._name:
            self.section().fail(why)

    def write(self, meter: Meter) -> bool:
        """Write the page, in one step; False when it could not be written, and that was said."""
        try:
            with replaced(str(self._path)) as sink:
                for part in self._page.html():
                    sink.write(part.encode())
        except (OSError, ZhfixError) as error:
            meter.say(f"{shown(str(self._path))}: cannot write the page: {reason(error)}")
            return False
        return True


class _Value(Placed):
    """Values of records, noted with the line of the file that their record begins at."""

    def __init__(self, noted: Noted) -> None:
        self._noted = noted
        self.first_line = 0  # lines before the piece

    def __call__(self, value: str) -> str:
        """The value repaired."""
        return self._noted.fix(value, line=self.first_line + self.line)


def _usable(path: Path, used: list[str]) -> Path:
    """Where the page is to be written, checked before the work begins."""
    from pathlib import Path

    if str(path) == STDIN:
        raise OptionError("--report needs the name of a file: standard output is for the text")
    if own_handle(str(path)) is not None or (path.exists() and not path.is_file()):
        raise OptionError(f"--report {path}: this is no regular file")
    if not path.resolve().parent.is_dir():
        raise OptionError(f"--report {path}: there is no such folder")
    if any(name != STDIN and Path(name).resolve() == path.resolve() for name in used):
        raise OptionError(f"--report {path}: another file of this run: name another one")
    return path
