"""Reading contests: what is called, who is put forward, and what the record says of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leitai.apps.ballots import queries as ballots
from leitai.apps.casework import queries as cases
from leitai.apps.merits import queries as merits
from leitai.apps.occasions import queries as occasions
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables import queries as tables
from leitai.rules.kernel import N_, Finding, Period, Text
from leitai.rules.merits import contests as core

from .models import Challenge, Contest, Juror, Nomination

YEAR = timedelta(days=365)
STAGES = {
    "nominations": _("nominations are taken"),
    "notice": _("names are public and may be challenged"),
    "held": _("the vote waits for the answer to an objection"),
    "vote": _("the jury votes"),
    "count": _("to be counted"),
    "closed": _("counted and closed"),
}


def contest(place: Any, number: int) -> Contest | None:
    """A contest by its number."""
    return Contest.objects.filter(place=place, pk=number).select_related("place").first()


def contests(place: Any, limit: int = 100) -> list[Contest]:
    """Contests of a place, the latest first."""
    return list(Contest.objects.filter(place=place).order_by("-opened_at", "-pk")[:limit])


def spec_of(row: Contest) -> Any:
    """The rule-book's paragraph of a contest, as it stood when it was called."""
    return regimes.regime_on(row.place, row.opened_at.astimezone(row.place.zone).date()).contests[row.key]


def name(row: Contest) -> Text:
    """What the rule-book calls a contest."""
    found: Text = spec_of(row).name
    return found


def calendar_of(row: Contest) -> Any:
    """The calendar that the stages of a contest are counted in."""
    regime = regimes.regime_on(row.place, row.opened_at.astimezone(row.place.zone).date())
    return regimes.calendars(regime)[regime.contests[row.key].on]


def stage(row: Contest, now: datetime) -> core.Stage:
    """Which stage a contest is in. No vote begins before the records were looked up, which the notice waits for."""
    if row.checked_at is None and now >= row.notice_until:
        return "notice"
    times = core.Ends(row.nominations_until, row.notice_until, row.vote_until)
    closed = row.closed_at is not None
    unanswered = not closed and now >= row.notice_until and bool(unanswered_in(row))
    return core.stage_at(times, now, closed=closed, unanswered=unanswered)


def unanswered_in(row: Contest) -> list[Challenge]:
    """Objections that wait for their answer, the oldest first; those to somebody left out already do not."""
    rows = Challenge.objects.filter(nomination__contest=row, answered_at__isnull=True)
    rows = rows.exclude(nomination__passed=False).select_related("nomination__unit")
    return list(rows.order_by("at", "pk"))


def why_held(row: Contest) -> Finding | None:
    """Why nobody votes yet: which objection waits, who answers it, until when; None where none waits."""
    waiting = unanswered_in(row)
    if not waiting:
        return None
    zone, first = row.place.zone, waiting[0]
    message = N_(
        "Objection %(number)s, to %(unit)s, made %(made)s, has no answer yet (%(count)s wait in all). The office "
        "answers it, but not who objected or put them forward, until %(due)s. Nobody votes and nothing is "
        "counted before."
    )
    values = {
        "number": first.pk,
        "unit": first.nomination.unit.name,
        "made": f"{first.at.astimezone(zone):%Y-%m-%d %H:%M}",
        "count": len(waiting),
        "due": f"{answer_due(row, first).astimezone(zone):%Y-%m-%d %H:%M}",
    }
    return Finding("objection-unanswered", message, values=values)


def answer_due(row: Contest, said: Challenge) -> datetime:
    """Until when the office is to answer an objection."""
    return core.answer_due(spec_of(row), said.at, calendar_of(row))


def nominations(row: Contest) -> list[Nomination]:
    """Everyone put forward: the elected first, then by votes, those left out last."""
    rows = row.nominations.select_related("unit", "official").prefetch_related("exhibits", "challenges")
    return sorted(
        rows,
        key=lambda one: (not one.elected, one.passed is False, -(one.votes or 0), one.unit.key, one.pk),
    )


def nomination(place: Any, number: int) -> Nomination | None:
    """One who is put forward, by number."""
    rows = Nomination.objects.filter(contest__place=place, pk=number)
    return rows.select_related("contest__place", "unit", "official").first()


def challenge(place: Any, number: int) -> Challenge | None:
    """An objection by its number."""
    rows = Challenge.objects.filter(nomination__contest__place=place, pk=number)
    return rows.select_related("nomination__contest__place").first()


def voted_on(row: Contest) -> list[Nomination]:
    """Those who stand before the jury."""
    return list(row.nominations.filter(passed=True).select_related("unit", "official").order_by("pk"))


def checks_of(row: Nomination) -> list[dict[str, Any]]:
    """What each check of the record came to, with the figures it was asked of."""
    found: list[dict[str, Any]] = json.loads(row.checks) if row.checks else []
    return found


def result_of(row: Contest) -> dict[str, Any]:
    """The count of a closed contest: ballots, elected, level, and every ballot by its slip; {} before."""
    found: dict[str, Any] = json.loads(row.result) if row.result else {}
    return found


def juror(row: Contest, account: Any) -> Juror | None:
    """Somebody's seat on the jury."""
    if account is None:
        return None
    return Juror.objects.filter(contest=row, account=account).first()


def to_vote(place: Any, account: Any, now: datetime) -> list[Contest]:
    """Contests in which somebody has still to vote."""
    if account is None:
        return []
    rows = Contest.objects.filter(
        place=place,
        jurors__account=account,
        jurors__voted=False,
        closed_at__isnull=True,
        notice_until__lte=now,
        vote_until__gt=now,
    )
    return [row for row in rows.select_related("place").order_by("vote_until") if stage(row, now) == "vote"]


def at_an_end(place: Any, now: datetime) -> list[Contest]:
    """Contests whose records are to be checked, or whose votes are to be counted."""
    rows = Contest.objects.filter(place=place, closed_at__isnull=True, nominations_until__lte=now)
    rows = rows.filter(Q(checked_at__isnull=True) | Q(vote_until__lte=now))
    return list(rows.select_related("place").order_by("pk"))


def who_may_judge(place: Any, names: Iterable[str]) -> dict[str, Any]:
    """Those of some log-in names who hold a post in the place, by name; of other places' people nothing is told."""
    posts = place.posts.filter(account__username__in=list(names), account__is_active=True)
    return {one.account.username: one.account for one in posts.select_related("account")}


def why_no_juror(row: Contest, account: Any) -> Finding | None:
    """Why somebody may not judge a contest: put forward in it, having put forward, or of a unit put forward."""
    rows, who = row.nominations.all(), {"who": str(account)}
    if rows.filter(official__account=account).exists():
        return Finding(
            "juror-put-forward",
            N_("%(who)s is put forward in this contest and does not judge it."),
            values=who,
        )
    if rows.filter(by=f"account:{account.username}").exists():
        message = N_("%(who)s put somebody forward in this contest and does not judge it.")
        return Finding("juror-nominated", message, values=who)
    if near(account, rows.values_list("unit_id", flat=True)):
        message = N_("%(who)s serves at a unit that is put forward and cannot judge.")
        return Finding("juror-near", message, values=who)
    return None


def near(account: Any, units: Iterable[int]) -> bool:
    """Whether somebody is posted at one of these units, or above or below it."""
    wanted = set(units)
    for post in account.posts.select_related("unit__place"):
        if post.unit is None:
            continue
        below = people.descendants(post.unit.place)
        if wanted & below[post.unit_id] or any(post.unit_id in below[one] for one in wanted if one in below):
            return True
    return False


def record_of(unit: Any, official: Any | None, now: datetime) -> dict[str, int]:
    """What the house's own records say of a unit, or of an official at it, over the twelve months before `now`.

    Files and honours of an official are their own; verdicts, cases and tables are the unit's.
    """
    start = now - YEAR
    zone = unit.place.zone
    first, last = start.astimezone(zone).date(), now.astimezone(zone).date()
    files = _files(unit, official, start, now)
    return {
        "record.accountability": files["accountability"],
        "record.notices": files["notice"],
        "record.honours": files["honour"],
        "record.upheld_bad": ballots.rate(unit, first, last).upheld,
        "record.breaches": cases.breaches_between(unit, start, now),
        "record.false_closings": cases.false_closings_between(unit, start, now),
        "record.commitments_missed": occasions.missed_between(unit, start, now),
        "record.named_worst": _named_worst(unit, first, last),
    }


def _files(unit: Any, official: Any | None, start: datetime, end: datetime) -> Counter[str]:
    """Consequences by tone that were upheld in [start, end) and stand: an official's own, or the unit's."""
    rows = merits.in_force(unit.place, start).filter(decided_at__gte=start, decided_at__lt=end)
    rows = rows.filter(official=official) if official is not None else rows.filter(unit=unit, target="unit")
    return Counter(rows.values_list("tone", flat=True))


def _named_worst(unit: Any, first: date, last: date) -> int:
    """Of the tables of these days that name their worst, how many name the unit."""
    return sum(
        one.named_worst and first <= Period.parse(one.table.period).last <= last
        for one in tables.history(unit)
    )
