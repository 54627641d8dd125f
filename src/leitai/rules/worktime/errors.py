"""What a person can get wrong about working time, said so that it can be put right.

A rule-book, a command line and a page all parse the same texts; each shows the fault in its own way, so an
error carries its template and values and can become a `Finding` at the place where the text stood.
"""

from __future__ import annotations

from leitai.rules.kernel import N_, Finding, Where


class WorktimeError(ValueError):
    """A fault in a text or a calendar: `code`, an English `message` template and its `values`."""

    def __init__(self, code: str, message: str, **values: object) -> None:
        super().__init__(message % values)
        self.code, self.message, self.values = code, message, values

    def finding(self, where: Where | None = None) -> Finding:
        """The same fault as a finding at a place in a file."""
        return Finding(self.code, self.message, where or Where(), self.values)


class WithinError(WorktimeError):
    """A text that is no duration."""


class CalendarError(WorktimeError):
    """A calendar that cannot be built, or cannot answer what is asked of it."""


class NotAnnounced(CalendarError):
    """A year for which no official notice is known; `first` and `last` are the years that are."""

    def __init__(self, country: str, year: int, first: int, last: int) -> None:
        super().__init__(
            "not-announced",
            N_(
                "the public holidays of %(country)s for %(year)s are not announced here: "
                "official notices are known for %(first)s to %(last)s"
            ),
            country=country,
            year=year,
            first=first,
            last=last,
        )
        self.first, self.last = first, last
