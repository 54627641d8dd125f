"""Amounts of chains as pages show them."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import ngettext

from leitai.apps.chains import wording

register = template.Library()


@register.filter
def amount(value: Decimal | None, unit: str = "") -> str:
    """A capacity with its unit: `{{ one.capacity|amount:unit }}`."""
    return wording.amount(value, unit)


@register.filter
def plain(value: Decimal | None) -> str:
    """A number as it is typed into a box: `{{ one.capacity|plain }}`; nothing for none."""
    return "" if value is None else f"{value.normalize():f}"


@register.filter
def behind(slip: int) -> str:
    """How far a project is behind: `{{ project.slip|behind }}`; nothing for one that is not."""
    return ngettext("%(n)s day behind", "%(n)s days behind", slip) % {"n": slip} if slip else ""
