"""Tags of pages that carry their style and script inside."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from leitai.ui import citizen

register = template.Library()


@register.simple_tag
def inline(name: str) -> SafeString:
    """A style or script as it stands, between the tags of the page: `<style>{% inline "ui/citizen.css" %}`."""
    return mark_safe(citizen.text(name))
