"""A user's fault, told in the language of the page."""

from __future__ import annotations

from django.utils.translation import get_language, gettext

from leitai.rules.kernel import Finding, Text


def tell(finding: Finding) -> str:
    """A finding's sentence in the language of the page, with its values filled in."""
    language = get_language() or "zh-hans"
    values = {
        name: value.show(language) if isinstance(value, Text) else value
        for name, value in finding.values.items()
    }
    return gettext(finding.message) % values


class Refused(Exception):
    """An action was asked for that cannot be done now; nothing was changed. `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.text)
        self.finding = finding

    def __str__(self) -> str:
        return tell(self.finding)


def refuse(code: str, message: str, **values: object) -> Refused:
    """A refusal to raise; the message is marked with `N_` where it is written."""
    return Refused(Finding(code, message, values=values))
