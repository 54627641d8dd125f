"""What a leader answers for, to be read in a minute: first what needs them now, then all of it.

Theirs are the enterprises and projects that they sponsor, the starts of those, the chains whose chief they are; and of
what was promised at meetings, the promises of the units that work on these, or at which they have a post.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.views.decorators.http import require_safe

from leitai.apps.chains import queries as chains
from leitai.apps.occasions import queries as occasions
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.apps.permits import queries as permits
from leitai.apps.projects import queries as projects
from leitai.apps.regimes import queries as regimes

FIRST = 8  # of what needs the leader; the cards below have all
SOON = timedelta(days=7)


@dataclass(frozen=True)
class Need:
    """Something that waits for a leader: what it is, about whom, who has it now, by when; `late` if that is over."""

    sort: str
    title: str
    of: str
    holder: str
    due: date | None
    late: bool
    url: str


@dataclass(frozen=True)
class Mine:
    """All that a leader answers for; `units` are those whose promises are listed, by id."""

    found: projects.Sponsor
    starts: tuple[permits.Line, ...]
    gaps: tuple[chains.Work, ...]
    promises: tuple[Any, ...]
    today: date

    @property
    def stuck(self) -> tuple[permits.Line, ...]:
        """The starts that a late permit holds up, or one that waits for papers."""
        return tuple(one for one in self.starts if one.late or one.asks)

    @property
    def empty(self) -> bool:
        """Whether nothing has this viewer as its sponsor."""
        of = self.found
        return not (
            of.projects or of.calm or of.firms or of.quiet or self.starts or self.gaps or self.promises
        )


@require_safe
@page("project.see")
def sponsor(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the viewer answers for: what needs them, problems, permits, promises, projects."""
    mine = _mine(visit)
    needs = sorted(_needs(visit, mine), key=lambda one: (not one.late, one.due or date.max, one.title))
    context = {
        "visit": visit,
        "mine": mine.found,
        "starts": mine.stuck,
        "under_way": len(mine.starts),
        "gaps": mine.gaps,
        "promises": [(one, one.due < mine.today and not one.evidence) for one in mine.promises],
        "empty": mine.empty,
        "needs": needs[:FIRST],
        "more": len(needs) - len(needs[:FIRST]),
        "late": sum(one.late for one in needs),
        "total": len(needs),
        **projects.options(visit.place, visit.now),
    }
    return render(request, "web/sponsor.html", context)


def _mine(visit: Visit) -> Mine:
    place, now = visit.place, visit.now
    today = now.astimezone(place.zone).date()
    found = projects.sponsor(visit.viewer, place, now)
    firms = [*(one.enterprise for one in found.firms), *found.quiet]
    rows = [*found.projects, *found.calm]
    own = chains.chiefs(visit.viewer, place, now)
    specs = regimes.regime_on(place, today).chains
    named = people.units(place).filter(key__in=[specs[key].unit for key in own if specs[key].unit])
    units = set(named.values_list("pk", flat=True))
    units |= {one.unit_id for one in rows if one.unit_id} | {
        one.liaison_id for one in firms if one.liaison_id
    }
    below = people.descendants(place) if visit.viewer.units else {}
    units |= {pk for unit in visit.viewer.units for pk in below[unit.pk]}
    return Mine(
        found,
        tuple(permits.theirs(place, firms, [row.code for row in rows], now) if firms or rows else ()),
        tuple(chains.works(place, now, chains=own) if own else ()),
        tuple(occasions.open_of(place, units) if units else ()),
        today,
    )


def _needs(visit: Visit, mine: Mine) -> Iterator[Need]:
    """What waits for the leader, in no order: late or nearly so, red, or without papers."""
    key, zone, today = visit.place.key, visit.place.zone, mine.today
    language = get_language() or "zh-hans"
    held_up = {f"permit:{line.at.pk}" for line in mine.stuck if line.at is not None}
    for firm in mine.found.firms:
        for one in firm.cases:
            # The case of a permit that holds a start up is told of as that permit.
            if one.view.light in ("red", "yellow") and one.case.about not in held_up:
                due = one.view.clock.due_at.astimezone(zone).date() if one.view.clock else None
                url = reverse("casework:case", args=[key, one.case.ref])
                late = one.view.light == "red"
                yield Need(
                    pgettext("need", "problem"),
                    one.case.title,
                    firm.enterprise.name,
                    one.holder,
                    due,
                    late,
                    url,
                )
    for line in mine.stuck:
        name = line.permit.show(language) if line.permit else ""
        due = line.due.astimezone(zone).date() if line.due else None
        url = reverse("permits:one", args=[key, line.start.pk])
        yield Need(pgettext("need", "permit"), name, line.start.title, line.holder, due, line.late, url)
    for promise in mine.promises:
        if promise.due <= today + SOON and not promise.evidence:
            url = reverse("occasions:commitment", args=[key, promise.pk])
            name = promise.unit.name
            yield Need(
                pgettext("need", "promise"), promise.text, name, name, promise.due, promise.due < today, url
            )
    for row in mine.found.projects:
        if row.light == "red":
            holder = row.path_unit or row.unit
            url = reverse("projects:one", args=[key, row.code])
            at, firm = holder.name if holder else "", row.enterprise.name if row.enterprise else row.firm
            yield Need(pgettext("need", "project"), row.name, firm, at, row.next_on, True, url)
    for work in mine.gaps:
        if work.row.due_on <= today + SOON:
            url, unit = reverse("chains:gap", args=[key, work.row.pk]), work.row.unit.name
            late = work.row.due_on < today
            yield Need(
                pgettext("need", "gap"), work.row.text, work.row.link.name, unit, work.row.due_on, late, url
            )
