"""Channels: where messages of a place or unit go, whether they get through, and what waits."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, page

from . import actions, queries
from .forms import ChannelForm
from .models import Channel, Kind

SHOWN = 20  # messages of each list on a channel's page


@require_safe
@page("channel.manage")
def channels(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The channels that the viewer may manage, those that fail first."""
    rows = list(queries.channels(visit.place, visit.viewer))
    context = {
        "visit": visit,
        "rows": [(row, queries.shown(row)) for row in rows],
        "failing": sum(row.failing_since is not None for row in rows),
        "linked": bool(settings.PUBLIC_URL),
    }
    return render(request, "outbox/channels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page("channel.manage")
def add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Add a channel; the secret of a webhook that was made here is shown at once, and never again."""
    form = ChannelForm(visit, request.POST if request.method == "POST" else None)
    refusal = ""
    if form.is_bound and form.is_valid():
        made = form.make_secret()
        try:
            row = actions.add_channel(
                place=visit.place,
                unit=form.cleaned_data["unit"],
                kind=form.cleaned_data["kind"],
                draft=form.draft(),
                by=visit.viewer.name,
                now=visit.now,
            )
        except Refused as told:
            refusal = str(told)
        else:
            if made:
                return render(request, "outbox/secret.html", {"visit": visit, "channel": row, "secret": made})
            messages.success(request, _("The channel is there. Send a trial to see that it works."))
            return redirect("outbox:one", visit.place.key, row.pk)
    return _form(request, visit, form, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page("channel.manage")
def change(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Change a channel; the address and the secret are never shown, and stay where their boxes are left empty."""
    row = _found(visit, number)
    form = ChannelForm(visit, request.POST if request.method == "POST" else None, row)
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            actions.change_channel(channel=row, draft=form.draft(), by=visit.viewer.name, now=visit.now)
        except Refused as told:
            refusal = str(told)
        else:
            messages.success(request, _("The channel was changed."))
            return redirect("outbox:one", visit.place.key, number)
    return _form(request, visit, form, refusal)


def _form(request: HttpRequest, visit: Visit, form: ChannelForm, refusal: str) -> HttpResponse:
    context = {
        "visit": visit,
        "form": form,
        "channel": form.channel,
        "refusal": refusal,
        "kinds": Kind.choices,
        "whole": queries.everywhere(visit.viewer),
        "mine": visit.viewer.units,
        "gateway": bool(settings.NOTIFY),
    }
    return render(request, "outbox/form.html", context, status=409 if form.errors or refusal else 200)


@require_safe
@page("channel.manage")
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One channel: how it goes, what waits, what was laid aside, what went out last."""
    row = _found(visit, number)
    context = {
        "visit": visit,
        "channel": row,
        "address": queries.shown(row),
        "tells": [label for kind, label in actions.TELLS.items() if kind in row.tells],
        "waits": queries.waits(row, SHOWN),
        "laid": queries.laid_aside(row, SHOWN),
        "sent": queries.sent(row, SHOWN),
        "more": max(0, row.waits - SHOWN),
    }
    return render(request, "outbox/one.html", context)


@require_POST
@page("channel.manage")
def do(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Send a trial, try anew, stop, let go on, or remove a channel."""
    row = _found(visit, number)
    deed = request.POST.get("do", "")
    if deed not in _DEEDS:
        raise Http404(_("There is no such thing to do."))
    try:
        messages.success(request, _DEEDS[deed](visit, row))
    except Refused as told:
        messages.error(request, str(told))
    if deed == "remove":
        return redirect("outbox:channels", visit.place.key)
    return redirect("outbox:one", visit.place.key, number)


def _try(visit: Visit, row: Channel) -> str:
    address = reverse("outbox:one", args=[visit.place.key, row.pk])
    with translation.override(visit.place.language):
        title = _("trial")
        text = _("This is a trial of the channel “%(name)s”. There is nothing to do.") % {"name": row.name}
    actions.try_channel(
        channel=row,
        title=title,
        text=text,
        url=f"{settings.PUBLIC_URL}{address}" if settings.PUBLIC_URL else "",
        by=visit.viewer.name,
        now=visit.now,
    )
    return _("The trial goes out in a moment. Load this page again to see what became of it.")


def _retry(visit: Visit, row: Channel) -> str:
    n = actions.retry_channel(channel=row, by=visit.viewer.name, now=visit.now)
    said = ngettext("%(n)s message is tried anew.", "%(n)s messages are tried anew.", n)
    return said % {"n": n}


def _stop(visit: Visit, row: Channel) -> str:
    actions.switch_channel(channel=row, active=False, by=visit.viewer.name, now=visit.now)
    return _("The channel is stopped: nothing is written to it, and nothing more is kept for it.")


def _go_on(visit: Visit, row: Channel) -> str:
    actions.switch_channel(channel=row, active=True, by=visit.viewer.name, now=visit.now)
    return _("The channel goes on.")


def _remove(visit: Visit, row: Channel) -> str:
    actions.remove_channel(channel=row, by=visit.viewer.name, now=visit.now)
    return _("The channel was removed, and its address deleted.")


_DEEDS: dict[str, Any] = {"try": _try, "retry": _retry, "stop": _stop, "go-on": _go_on, "remove": _remove}


def _found(visit: Visit, number: int) -> Channel:
    """The channel of this number, where the viewer may manage it; of others it is not even said that they are there."""
    row = queries.channel(visit.place, visit.viewer, number)
    if row is None:
        raise Http404(_("There is no such channel."))
    return row
