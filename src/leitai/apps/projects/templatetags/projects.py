"""Sums and lights of projects as pages show them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leitai.apps.projects import wording
from leitai.ui.templatetags.ui import light

register = template.Library()


@register.filter
def yuan(value: Decimal | None) -> str:
    """A sum of yuan in the large units of the page's language: `{{ row.planned|yuan }}`."""
    return wording.yuan(value)


@register.simple_tag
def standing(colour: str, slip: int = 0) -> SafeString:
    """A project's light with the days it is behind by: `{% standing row.light row.slip %}`."""
    if slip and colour in ("red", "yellow"):
        return light(colour, ngettext("%(n)s day behind", "%(n)s days behind", slip) % {"n": slip})
    return light("grey" if colour == "none" else colour, wording.LIGHTS[colour]())


@register.filter
def sum_name(what: str) -> str:
    """What a sum is called."""
    return str(wording.SUMS[what]())


@register.filter
def line_word(sort: str) -> str:
    """What a line of a project's road is."""
    return str(wording.LINES[sort]())


@register.filter
def step_word(step: str) -> str:
    """What a step of a lead is called."""
    return str(wording.STEPS[step]())


@register.filter
def field_word(name: str) -> str:
    """What a field that an enterprise corrects is called."""
    return str(wording.field(name))


@register.filter
def named(key: str, names: Any) -> Any:
    """What a rule-book's paragraph calls a key: `{{ row.stage|named:spec.stages }}`."""
    found = names.get(key) if names else None
    return getattr(found, "name", found) or key


@register.filter
def reference(ref: str) -> str:
    """A case's reference out of "case:LQ-12"; "" for what is no case."""
    what, _colon, rest = ref.partition(":")
    return rest if what == "case" else ""


@register.simple_tag
def nothing_said() -> str:
    """What stands where nothing is known."""
    return _("not said")
