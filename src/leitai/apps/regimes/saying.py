"""What the rule-book read aloud is made of: an entry with its lines, and names and durations in the page's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from leitai.rules.kernel import Text
from leitai.rules.worktime import parse_within


@dataclass(frozen=True)
class Entry:
    """One thing of the rule-book: its name, what is said of it, and where that comes from.

    A condition is said in words where it can be; `code` is it as written.
    """

    key: str
    name: str
    lines: tuple[str, ...]
    source: str
    condition: str = ""
    code: str = ""


def say(text: Text | None) -> str:
    """A name in the language of the page; "" for none."""
    return text.show(get_language() or "zh-hans") if text else ""


def named(things: Mapping[str, Any], key: str) -> str:
    """What something of the rule-book is called; its key where it is not there or has no name."""
    thing = things.get(key)
    return say(thing.name) or key if thing is not None else key


def span(text: str) -> str:
    """A duration in the language of the page."""
    return _("the time that the record brings") if text == "given" else say(parse_within(text).text)


def listed(parts: Iterable[str]) -> str:
    """Several things one after the other."""
    return _(", ").join(parts)
