"""Sample starts: made, under way, waiting for papers, on a commitment, open again; by the real actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from leitai.apps.ledger.models import Event
from leitai.apps.ledger.sealing import seal
from leitai.apps.people import queries as people
from leitai.apps.permits import actions
from leitai.apps.permits import queries as permits
from leitai.apps.permits.models import ASKING, WORKING, Permit, Start
from leitai.apps.permits.rows import adding
from leitai.apps.projects import queries as projects
from leitai.apps.regimes import queries as regimes
from leitai.drive import permits as follow
from leitai.rules.kernel import Text
from leitai.rules.worktime import parse_within

BY = "sample"
TITLE = Text(zh="样例厂房", en="Sample plant")
WRONG = Text(zh="样例：宗地界址有误，撤回重办", en="Sample: the boundary was wrong")
FOLLOWS = {"permit.begun": follow.begun, "permit.granted": follow.granted, "permit.reopened": follow.reopened}
BEFORE = timedelta(hours=2)  # granted so long before the end of the day


@dataclass(frozen=True)
class _Story:
    """How a sample start went: opened so many days ago, at what share of its time each permit came, what then.

    Of the papers, the last `lacking` have not come; where `commits`, what may be promised is. `end` is "open", "made",
    or "withdrawn": made, and then the first permit with others behind it withdrawn.
    """

    ago: int
    share: float
    lacking: int = 0
    commits: bool = False
    end: str = "open"


STORIES = (
    _Story(75, 0.6, end="made"),
    _Story(24, 0.9),
    _Story(20, 0.5, lacking=2),
    _Story(33, 0.6, lacking=1, commits=True),
    _Story(80, 0.8),
    _Story(85, 0.5, end="withdrawn"),
)


def put_starts(place: Any, count: int, now: datetime) -> int:
    """Open `count` sample starts of the rule-book's first kind; how many. What is there already is left alone."""
    kinds = regimes.regime_on(place, now.astimezone(place.zone).date()).starts
    firms = people.enterprises(place)
    if not kinds or not firms or permits.listed(place, permits.Narrow(state="")).exists():
        return 0
    for number in range(count):
        story = STORIES[number % len(STORIES)]
        _tell(place, next(iter(kinds)), firms[number % len(firms)], number + 1, story, now)
    return count


def _tell(place: Any, key: str, firm: Any, number: int, story: _Story, now: datetime) -> None:
    at = now - timedelta(days=story.ago)
    own = next(iter(projects.of_enterprise(firm)), None)
    start = actions.open_start(
        place=place,
        key=key,
        title=f"{TITLE.show(place.language)} {number}",
        enterprise=firm,
        project=own.code if own is not None else "",
        by=BY,
        now=at,
    )
    papers = list(permits.spec_of(start).papers)
    for paper in papers[: len(papers) - story.lacking]:
        actions.give_paper(start=start, key=paper, by=f"enterprise:{firm.key}", now=at)
    _followed(place, at)
    last = at
    while (step := _next(start, story, now)) is not None:
        permit, last = step
        actions.grant(permit=permit, by=BY, now=last)
        _followed(place, last)
        if story.commits:
            for one in start.permits.filter(state=ASKING):
                if permits.spec_of(start).permits[one.key].promise is not None:
                    actions.commit(permit=one, by=f"enterprise:{firm.key}", now=last)
            _followed(place, last)
    if story.end == "open" or start.permits.filter(state=WORKING).exists():
        return
    actions.make_start(start=start, on=last.astimezone(place.zone).date(), by=BY, now=last)
    if story.end == "withdrawn":
        later = now - timedelta(days=3)
        spec = permits.spec_of(start).permits
        ground = next(
            name for name in spec if spec[name].needs and any(name in one.needs for one in spec.values())
        )
        actions.withdraw(
            permit=start.permits.get(key=ground), why=WRONG.show(place.language), by=BY, now=later
        )
        _followed(place, later)


def _next(start: Start, story: _Story, now: datetime) -> tuple[Permit, datetime] | None:
    """The permit that is granted next, and when; None where nothing more is by now."""
    add, found = adding(start), []
    for row in start.permits.filter(state=WORKING).select_related("unit", "start__place"):
        within = parse_within(permits.spec_of(start).permits[row.key].within)
        took = max(1, round(within.amount * story.share))
        found.append((max(row.since, add(row.since, f"{took} {within.unit}") - BEFORE), row.key, row))
    if not found:
        return None
    at, _, row = min(found, key=lambda one: one[:2])
    return (row, at) if at <= now else None


def _followed(place: Any, now: datetime) -> None:
    """What follows from the acts so far, at their own time: the drive comes round only at the present."""
    before = _last_seq(place)
    seal(place)
    for event in Event.objects.filter(place=place, seq__gt=before, kind__in=FOLLOWS).order_by("seq"):
        FOLLOWS[event.kind](place, event, now)


def _last_seq(place: Any) -> int:
    row = Event.objects.filter(place=place, seq__isnull=False).order_by("-seq").first()
    return int(row.seq or 0) if row is not None else 0
