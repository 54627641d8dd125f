"""Tags of the citizen's pages."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from leitai.apps.ballots.citizen import inside

register = template.Library()


@register.simple_tag
def inline(name: str) -> SafeString:
    """A style or script of this room, as it stands, between the tags of the page: `<style>{% inline "x.css" %}`."""
    return mark_safe(inside.text(name))
