"""Names that data does not give, made visible: in a trial print they stand in red where they were missed."""

from collections.abc import Iterator
from typing import ClassVar

from jinja2 import Undefined
from markupsafe import Markup

RED = Markup('<span style="color:#c00000">〔{}〕</span>')


class Missing(Undefined):
    """Prints its name in red instead of failing; used in any way that would fail in earnest, it is noted.

    What is looked up in it is missing as well. Asking whether it is there, or giving a default, is no use of it.
    """

    __slots__ = ()
    found: ClassVar[dict[str, None]] = {}

    def noted(self) -> "Missing":
        """Itself, after it was noted."""
        self.found.setdefault(str(self._undefined_name))
        return self

    def __html__(self) -> str:
        return RED.format(self.noted()._undefined_name)

    def __str__(self) -> str:
        return f"〔{self.noted()._undefined_name}〕"

    def __iter__(self) -> Iterator[object]:
        self.noted()
        return iter(())

    def __len__(self) -> int:
        self.noted()
        return 0

    def __bool__(self) -> bool:
        self.noted()
        return False


def noting(found: dict[str, None]) -> type[Missing]:
    """A kind of missing name that notes in `found` what was missed, each once, in the order of the template."""
    return type("Noted", (Missing,), {"__slots__": (), "found": found})
