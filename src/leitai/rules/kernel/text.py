"""Words in two languages, as a place writes them in its rule-book."""

from __future__ import annotations

from dataclasses import dataclass


def N_(message: str) -> str:
    """Mark a message of the core for translation; the shell translates it when it shows it."""
    return message


@dataclass(frozen=True, slots=True)
class Text:
    """A name in Chinese and English; one of the two may be missing, never both.

    >>> Text(zh="服务大厅").show("en")
    '服务大厅'
    """

    zh: str = ""
    en: str = ""

    def __post_init__(self) -> None:
        if not (self.zh or self.en):
            raise ValueError("a name needs at least one language, zh or en")

    def show(self, language: str) -> str:
        """The name in `language` ("zh-hans", "en", …), or in the other one where it is missing."""
        first, second = (self.zh, self.en) if language.lower().startswith("zh") else (self.en, self.zh)
        return first or second

    def __str__(self) -> str:
        return self.show("en")
