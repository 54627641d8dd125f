"""What people type into the forms of this room, made fit to be kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from leitai.apps.people import queries as people
from leitai.ui.typed import plain


def written(place: Any, posted: Mapping[str, str], boxes: Iterable[str]) -> dict[str, str]:
    """The boxes of a move's form as they were filled; a unit by its key, a time as people write it."""
    form = {name: plain(posted.get(name, "")) for name in boxes}
    if form.get("unit"):
        form["unit"] = people.key_of(place, form["unit"])
    if form.get("time"):
        form["time"] = form["time"].replace("T", " ")
    return {name: text for name, text in form.items() if text}
