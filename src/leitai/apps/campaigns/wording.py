"""What kinds and lights of campaigns are called in the language of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

_KINDS: Mapping[str, Callable[[], str]] = {
    "campaign": lambda: _("Campaigns"),
    "demonstration": lambda: _("Demonstrations"),
    "rectification": lambda: _("Rectifications"),
    "bottom-line": lambda: _("Bottom lines"),
}
_LIGHTS: Mapping[str, Callable[[], str]] = {
    "done": lambda: _("reached"),
    "red": lambda: _("missed"),
    "yellow": lambda: _("look at it"),
    "green": lambda: _("holds so far"),
    "none": lambda: _("under way"),
}


def kind(of: str) -> str:
    """What a kind of campaign is called."""
    return _KINDS[of]()


def light(colour: str) -> str:
    """What a light is called."""
    return _LIGHTS[colour]()
