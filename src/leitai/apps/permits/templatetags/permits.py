"""A value by its key, where a template holds the key in a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def get(values: Mapping[str, Any], key: str) -> Any:
    """The value of a key; "" where there is none."""
    return values.get(key, "")
