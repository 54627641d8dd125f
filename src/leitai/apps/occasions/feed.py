"""The calendar as a feed that phones subscribe to (iCalendar, RFC 5545): the place's, and an account's own by its link.

A clerk's own calendar holds the meetings that the clerk's units come to and what they have to make ready; the office's
and a leader's all meetings. Times are in UTC, which every phone shows in its own zone.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from icalendar import Alarm, Calendar, Event, Todo, vDuration, vUri

from leitai import __version__
from leitai.apps.people.access import Viewer, Visit, page, public_page
from leitai.rules.kernel import Text
from leitai.ui import words

from . import actions, queries
from .models import Occasion, OccasionState, Preparation

BACK, AHEAD = timedelta(days=100), timedelta(days=110)
AGAIN = timedelta(hours=1)  # how often a phone should look
REMIND = timedelta(minutes=30)


def addresses(request: HttpRequest, visit: Visit) -> dict[str, str]:
    """Where the place's feed is and, for someone signed in with a post, their own."""
    found = {"public": _address(request, reverse("occasions:feed", args=[visit.place.key]))}
    if visit.viewer.may("desk.see"):
        token = queries.calendar_token(visit.place, visit.viewer.account)
        found["own"] = _address(request, reverse("occasions:own_feed", args=[visit.place.key, token]))
    return found


def _address(request: HttpRequest, path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


@require_safe
@public_page
def feed(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The occasions of the place, for anyone."""
    with translation.override(visit.place.language):
        found = _calendar(_("%(place)s: occasions") % {"place": visit.place.name}, visit)
        writer = _Writer(request, visit)
        for row in _rows(visit):
            found.add_component(writer.event(row))
    return _answer(found)


@require_safe
@public_page
def own_feed(request: HttpRequest, visit: Visit, token: str) -> HttpResponse:
    """The occasions of an account's own units and what it has to make ready, for whoever has its link."""
    viewer = queries.subscriber(visit.place, token)
    if viewer.account is None:
        raise Http404(_("This link is not valid any more. Take the new one from the calendar."))
    with translation.override(visit.place.language):
        name = _("%(place)s: %(name)s") % {"place": visit.place.name, "name": str(viewer.account)}
        found = _calendar(name, visit)
        writer = _Writer(request, visit)
        for row in _rows(visit):
            if _concerns(viewer, row):
                event = writer.event(row)
                if row.state != OccasionState.CANCELLED:
                    event.add_component(_alarm(row))
                found.add_component(event)
        for one in queries.to_prepare(viewer, visit.place):
            found.add_component(writer.todo(one))
    response = _answer(found)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
@page("desk.see")
def renew(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new link to one's own calendar; the old one ends."""
    actions.renew_calendar_link(
        place=visit.place, account=visit.viewer.account, by=visit.viewer.name, now=visit.now
    )
    messages.success(request, _("Your calendar has a new link; the old one has ended."))
    return redirect("occasions:calendar", visit.place.key)


def _rows(visit: Visit) -> list[Occasion]:
    rows = queries.span(visit.place, visit.now - BACK, visit.now + AHEAD)
    for row in rows:
        row.place = visit.place
    return rows


def _concerns(viewer: Viewer, row: Occasion) -> bool:
    """Whether an occasion is in someone's own calendar: their unit comes, or they hold or run occasions."""
    if viewer.may("occasion.hold") or not viewer.units:
        return True
    return any(queries.comes(row, unit) for unit in viewer.units)


def _calendar(name: str, visit: Visit) -> Calendar:
    found = Calendar()
    found.add("prodid", f"-//Leitai//Leitai {__version__}//{visit.place.language.upper()}")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("name", name)
    found.add("x-wr-calname", name)
    found.add("x-wr-timezone", visit.place.timezone)
    found.add("refresh-interval", vDuration(AGAIN), parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", vDuration(AGAIN))
    return found


def _alarm(row: Occasion) -> Alarm:
    """A reminder before an occasion."""
    found = Alarm()
    found.add("action", "DISPLAY")
    found.add("description", _show(queries.name(row)))
    found.add("trigger", -REMIND)
    return found


class _Writer:
    """Writes occasions and preparations of a place as parts of a calendar."""

    def __init__(self, request: HttpRequest, visit: Visit) -> None:
        self.visit = visit
        self.revisions = queries.revisions(visit.place)
        self.request = request
        self.prepare = _address(request, reverse("occasions:preparations", args=[visit.place.key]))

    def event(self, row: Occasion) -> Event:
        """An occasion. Its UID stays, whatever it is moved to; its SEQUENCE grows with each change by people."""
        spec = queries.spec_of(row)
        name = _show(queries.name(row))
        cancelled = row.state == OccasionState.CANCELLED
        found = Event()
        found.add("uid", self._uid(row))
        found.add("dtstamp", self.visit.now)
        found.add("dtstart", row.at)
        found.add("dtend", row.at + timedelta(minutes=spec.minutes if spec is not None else 60))
        found.add("summary", _("Cancelled: %(name)s") % {"name": name} if cancelled else name)
        if said := self._said(row):
            found.add("description", "\n".join(said))
        meeting = reverse("occasions:meeting", args=[self.visit.place.key, row.pk])
        found.add("url", vUri(_address(self.request, meeting)))
        found.add("status", "CANCELLED" if cancelled else "CONFIRMED")
        found.add("sequence", self._sequence(row))
        if cancelled:
            found.add("transp", "TRANSPARENT")
        return found

    def todo(self, row: Preparation) -> Todo:
        """Something to make ready, by when."""
        found = Todo()
        found.add("uid", str(uuid5(NAMESPACE_URL, f"{self._uid(row.occasion)}/{row.key}/{row.unit_id}")))
        found.add("dtstamp", self.visit.now)
        found.add("due", row.due)
        values = {"what": _show(queries.called(row)), "name": _show(queries.name(row.occasion))}
        found.add("summary", _("%(what)s (%(name)s)") % values)
        found.add("url", vUri(self.prepare))
        found.add("sequence", self._sequence(row.occasion))
        if row.done_at is None:
            found.add("status", "NEEDS-ACTION")
        else:
            found.add("status", "COMPLETED")
            found.add("completed", row.done_at)
        return found

    def _uid(self, row: Occasion) -> str:
        place = f"{settings.PUBLIC_URL}/{self.visit.place.key}"
        return str(uuid5(NAMESPACE_URL, f"{place}/{row.key}@{row.nominal}"))

    def _sequence(self, row: Occasion) -> int:
        return self.revisions.get(f"occasion:{row.pk}", 0)

    def _said(self, row: Occasion) -> list[str]:
        """Why it is not when it was planned, who comes, what is decided."""
        spec, zone, said = queries.spec_of(row), self.visit.place.zone, []
        if row.cancelled_why:
            said.append(_("Cancelled: %(why)s") % {"why": row.cancelled_why})
        if row.planned_at is not None:
            values = {"at": words.instant(row.planned_at, zone), "why": row.moved}
            said.append(_("Planned for %(at)s; moved: %(why)s") % values)
        elif row.moved:
            said.append(row.moved)
        if spec is not None:
            said += [_show(one) for one in (spec.who, spec.decides) if one is not None]
        return said


def _show(text: Text) -> str:
    return text.show(translation.get_language() or "zh-hans")


def _answer(found: Calendar) -> HttpResponse:
    return HttpResponse(found.to_ical(), content_type="text/calendar; charset=utf-8")
