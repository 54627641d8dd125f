"""Lights of goals as pages show them."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leitai.apps.campaigns import wording
from leitai.ui.templatetags.ui import light

register = template.Library()


@register.simple_tag
def goal_light(colour: str, why: str = "") -> SafeString:
    """A goal's light with its reason, or else with what the light is called: `{% goal_light one.light.colour %}`."""
    return light("grey" if colour == "none" else colour, _(why) if why else wording.light(colour))


@register.simple_tag
def goals_with(colour: str, n: int) -> SafeString:
    """How many goals have a light: `{% goals_with "red" 3 %}`."""
    return light("grey" if colour == "none" else colour, f"{wording.light(colour)} {n}")
