"""A channel as it is filled in on its page."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from leitai.apps.people import queries as people

from .actions import ChannelDraft
from .models import TELLS, Channel, Digest, Kind
from .queries import everywhere, manages


class ChannelForm(forms.Form):
    """A new channel, or one that is changed: then its kind and unit stay, and empty boxes leave what is there."""

    name = forms.CharField(max_length=60)
    kind = forms.ChoiceField(choices=Kind.choices)
    unit = forms.CharField(max_length=300, required=False)
    address = forms.CharField(max_length=500, required=False)
    secret = forms.CharField(max_length=200, required=False)
    tells = forms.MultipleChoiceField(choices=list(TELLS.items()), required=False)
    digest = forms.ChoiceField(choices=Digest.choices, required=False)
    daily_at = forms.TimeField(required=False)
    quiet_from = forms.TimeField(required=False)
    quiet_to = forms.TimeField(required=False)
    urgent = forms.BooleanField(required=False)

    def __init__(self, visit: Any, posted: Any = None, channel: Channel | None = None) -> None:
        super().__init__(posted, initial=_initial(channel))
        self.visit, self.channel = visit, channel
        if channel is not None:
            del self.fields["kind"], self.fields["unit"]

    def make_secret(self) -> str:
        """The secret of a new webhook, made here where none was given; shown once, on the next page."""
        given = self.cleaned_data
        if self.channel is None and given["kind"] == Kind.WEBHOOK and not given["secret"]:
            given["secret"] = secrets.token_urlsafe(32)
            return str(given["secret"])
        return ""

    @property
    def tells_now(self) -> list[tuple[str, Any, bool]]:
        """What may be told of, each with whether it is ticked."""
        ticked = self["tells"].value() or []
        return [(kind, label, kind in ticked) for kind, label in TELLS.items()]

    def clean_unit(self) -> Any:
        """The unit, or None for the whole place; only what the viewer may manage."""
        typed = self.cleaned_data["unit"].strip()
        found = people.unit(self.visit.place, people.key_of(self.visit.place, typed)) if typed else None
        if typed and (found is None or not found.active):
            raise forms.ValidationError(_("There is no such unit: choose one from the list."))
        if found is None and not everywhere(self.visit.viewer):
            raise forms.ValidationError(_("Say which unit of yours the channel is for."))
        if not manages(self.visit.viewer, found):
            raise forms.ValidationError(_("This is not a unit of yours."))
        return found

    def draft(self) -> ChannelDraft:
        """What was filled in, once it is valid."""
        given = self.cleaned_data
        names = (
            "name",
            "tells",
            "address",
            "secret",
            "digest",
            "daily_at",
            "quiet_from",
            "quiet_to",
            "urgent",
        )
        return ChannelDraft(**{name: given[name] for name in names})


NEW = {
    "tells": [
        "case.dispatched",
        "case.asked",
        "case.returned",
        "clock.warned",
        "clock.breached",
        "slip.issued",
    ],
    "quiet_from": "20:00",
    "quiet_to": "07:30",
    "urgent": True,
}


def _initial(channel: Channel | None) -> dict[str, Any]:
    if channel is None:
        return dict(NEW)
    found: dict[str, Any] = {name: getattr(channel, name) for name in ("name", "tells", "digest", "urgent")}
    for name in ("daily_at", "quiet_from", "quiet_to"):
        at = getattr(channel, name)
        found[name] = f"{at:%H:%M}" if at else ""
    return found
