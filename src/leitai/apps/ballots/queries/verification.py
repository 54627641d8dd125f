"""Reading how a bad verdict is verified: where it stands, who may call, what may be asked for until when, how often
findings were overturned.

What the unit says is read here only by `reviews`; whoever calls is shown nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from leitai.apps.ledger import queries as ledger
from leitai.apps.people.access import PERMISSIONS
from leitai.apps.regimes import queries as regimes
from leitai.rules import ballots as core
from leitai.rules import casework
from leitai.rules.ballots import calling
from leitai.rules.kernel import N_, Finding
from leitai.rules.regime.conditions import compile_condition
from leitai.rules.regime.model import BallotsSpec, Regime
from leitai.rules.regime.vocabulary import CLOCK_CONTEXT
from leitai.rules.scoring import wilson

from ..keys import unseal
from ..models import Ballot, CallBack, Review, Standing, Tally
from .ballots import road, waiting, words

WHO = "account:"


@dataclass(frozen=True)
class Note:
    """What a caller wrote down of one try or of the end of a call, or why the call was passed on, and when.

    `by` as the ledger names them.
    """

    at: datetime
    by: str
    text: str
    passed: bool = False


@dataclass(frozen=True)
class Share:
    """`hits` of `n` as a share with its 95 % interval; `few`: under the rule-book's minimum, so no rate is shown."""

    n: int
    hits: int
    share: float | None
    low: float
    high: float
    few: bool


@dataclass(frozen=True)
class Shares:
    """Of the bad verdicts that were decided, those set aside; of the findings that were contested, those overturned."""

    aside: Share
    overturned: Share


# Where it stands


def rules(ballot: Ballot) -> BallotsSpec:
    """What the rule-book says of verdicts, as of the day on which this one was given."""
    return _regime(ballot).ballots


def _regime(ballot: Ballot) -> Regime:
    return regimes.regime_on(ballot.place, ballot.cast_at.astimezone(ballot.place.zone).date())


def call_of(ballot: Ballot) -> CallBack | None:
    """The call-back about a verdict, with its caller; None while nobody is drawn."""
    return CallBack.objects.filter(ballot=ballot).select_related("caller").first()


def reviews_of(ballot: Ballot) -> list[Review]:
    """What was asked of reviewers about a verdict, in order."""
    return list(Review.objects.filter(ballot=ballot).order_by("opened_at", "id"))


def stage(ballot: Ballot) -> calling.Stage | None:
    """Where a verdict stands on its road; None for one that has none: a good one, or another system's."""
    if not ballot.bad or ballot.source:
        return None
    call = CallBack.objects.filter(ballot=ballot).values_list("outcome", flat=True).first()
    asked = Review.objects.filter(ballot=ballot, granted__isnull=True).values_list("ask", flat=True).first()
    return calling.stage_of(ballot.standing, call, bool(ballot.answer), asked)


def check_act(act: str, ballot: Ballot) -> Finding | None:
    """Why an act of `calling.ACTS` cannot be done to a verdict now; None where it can."""
    found = stage(ballot)
    if found is None:
        return Finding("not-bad", N_("Only a bad verdict that was given here is verified."))
    return calling.check_stage(act, found)


def since(ballot: Ballot) -> datetime:
    """The instant from which days to appeal or object are counted: the last decision about a verdict."""
    turns = [event.at for event in road(ballot) if event.kind in calling.TURNS]
    return max(turns, default=ballot.cast_at)


def window(ballot: Ballot, ask: str) -> calling.Window:
    """The days in which the unit may "appeal" or the citizen may state an "objection", from the last decision."""
    days = {"appeal": rules(ballot).appeal, "objection": rules(ballot).objection}[ask]
    return calling.Window(since(ballot), days, ballot.place.zone)


def check_appeal(ballot: Ballot, now: datetime) -> Finding | None:
    """Why the unit cannot appeal now; None where it can."""
    once = N_("The unit appealed already; there is no second appeal.")
    return _check_ask(ballot, "appeal", "appeal", once, now)


def check_objection(ballot: Ballot, now: datetime) -> Finding | None:
    """Why the citizen cannot object now; None where they can."""
    once = N_("You objected already; there is no second objection.")
    return _check_ask(ballot, "object", "objection", once, now)


def _check_ask(ballot: Ballot, act: str, ask: str, once: str, now: datetime) -> Finding | None:
    if Review.objects.filter(ballot=ballot, ask=ask).exists():
        return Finding("asked-already", once)
    return check_act(act, ballot) or calling.check_window(window(ballot, ask), now)


def check_reviewer(review: Review, by: str) -> Finding | None:
    """Why somebody may not decide a review, though their post allows it; None where they may."""
    ballot, call = review.ballot, call_of(review.ballot)
    earlier = Review.objects.filter(ballot=ballot, granted__isnull=False)
    hands = calling.Hands(
        review.opened_by,
        f"{WHO}{call.caller.username}" if call is not None else "",
        tuple(earlier.values_list("decided_by", flat=True)),
        near(ballot.place, ballot.unit, by.removeprefix(WHO)),
    )
    return calling.check_reviewer(by, hands)


# Who may call


def near(place: Any, unit: Any, username: str) -> bool:
    """Whether somebody holds a post at a unit, above it or below it."""
    posts = place.posts.filter(account__username=username, unit__isnull=False).select_related("unit")
    return any(_akin(post.unit, unit) for post in posts)


def candidates(ballot: Ballot) -> list[str]:
    """User names of those who may be drawn: active, allowed to call, with no post at the unit, above or below it.

    Whoever passed the call on is left out: nobody passes a call to oneself.
    """
    posts = ballot.place.posts
    able = posts.filter(role__in=PERMISSIONS["ballot.call"][0], account__is_active=True)
    names = set(able.values_list("account__username", flat=True))
    held = posts.filter(account__username__in=names, unit__isnull=False).select_related("unit", "account")
    passed = {note.by.removeprefix(WHO) for note in passed_on(ballot)}
    return sorted(names - passed - {post.account.username for post in held if _akin(post.unit, ballot.unit)})


def _akin(one: Any, other: Any) -> bool:
    return one.pk in _up(other) or other.pk in _up(one)


def _up(unit: Any) -> list[int]:
    """The ids of a unit and of those above it."""
    found: list[int] = []
    while unit is not None and unit.pk not in found:
        found.append(unit.pk)
        unit = unit.parent
    return found


def being_drawn(ballot: Ballot) -> bool:
    """Whether a caller is asked for and the drive has not drawn one yet."""
    kinds = ("ballot.bad", "ballot.call_passed", "ballot.call_drawn", "ballot.call_undrawn")
    events = sorted((event for event in road(ballot) if event.kind in kinds), key=lambda event: event.pk)
    return bool(events) and events[-1].kind == "ballot.call_passed"


# Queues


def open_calls(place: Any, text: str = "") -> QuerySet[CallBack]:
    """Calls that are still to be made, the oldest verdict first, of units whose name or key holds `text`."""
    rows = CallBack.objects.filter(ballot__place=place, outcome="", ballot__standing=Standing.COUNTED)
    if text:
        named = ("ballot__unit__name_zh", "ballot__unit__name_en", "ballot__unit__key")
        rows = rows.filter(Q(*[(f"{name}__icontains", text) for name in named], _connector=Q.OR))
    rows = rows.select_related("caller", "ballot__place", "ballot__unit", "ballot__point")
    return rows.order_by("ballot__cast_at", "id")


def undrawn(place: Any, text: str = "") -> QuerySet[Ballot]:
    """Bad verdicts about which nobody is drawn to call, the oldest first."""
    return waiting(place, text).filter(~Exists(CallBack.objects.filter(ballot=OuterRef("pk"))))


def open_reviews(place: Any) -> QuerySet[Review]:
    """What waits for a reviewer, the oldest first."""
    rows = Review.objects.filter(ballot__place=place, granted__isnull=True)
    return rows.select_related("ballot__place", "ballot__unit", "ballot__point").order_by("opened_at", "id")


def review(place: Any, number: int) -> Review | None:
    """A review by its number."""
    rows = Review.objects.filter(ballot__place=place, pk=number)
    return rows.select_related("ballot__place", "ballot__unit", "ballot__point").first()


def call_clocks(ballots: Iterable[Ballot]) -> dict[int, casework.Clock]:
    """By which instant each of these verdicts is to be called back, as the rule-book's clock has it, by number.

    The clock of the case itself runs in a room beside this one; both are started by the same rule-book.
    """
    found = {}
    for ballot in ballots:
        clock = _call_clock(ballot)
        if clock is not None:
            found[ballot.pk] = clock
    return found


def _call_clock(ballot: Ballot) -> casework.Clock | None:
    regime = _regime(ballot)
    calendars = regimes.calendars(regime)
    for key, spec in regime.cases.items():
        if spec.flow != "verdict":
            continue
        facts: dict[str, object] = {
            "case.kind": key,
            "case.state": "opened",
            "case.complex": False,
            "case.channel": "",
            "case.returns": 0,
            "unit.key": ballot.unit.key,
            "unit.kind": ballot.unit.kind,
        }
        clocks = casework.start_clocks(spec, facts, "opened", ballot.cast_at, calendars, _holds)
        for clock in clocks:
            if clock.until == "called":
                return clock
    return None


def _holds(text: str, facts: Any) -> bool:
    return compile_condition(text, CLOCK_CONTEXT).holds(facts)


def reachable(ballot: Ballot) -> bool:
    """Whether the citizen left a telephone number."""
    return bool(words(ballot)[2])


def notes(call: CallBack) -> list[Note]:
    """What callers wrote down about a call, in order; for those with the permission `ballot.words` and the caller."""
    lines = unseal(call.note) if call.note else []
    return [Note(datetime.fromisoformat(line["at"]), line["by"], line["text"]) for line in lines]


def passed_on(ballot: Ballot) -> list[Note]:
    """Why a call was given to somebody else, each time."""
    events = [event for event in road(ballot) if event.kind == "ballot.call_passed"]
    return [Note(event.at, event.by, str(ledger.data(event)["reason"]), passed=True) for event in events]


def called(ballot: Ballot) -> str:
    """What the caller found, in the words that anyone may read; empty before, or where nobody was reached."""
    said = [ledger.data(event) for event in road(ballot) if event.kind in ("ballot.upheld", "ballot.doubted")]
    return next((str(one["reason"]) for one in said if "outcome" in one), "")


# Public figures


def set_aside_shares(place: Any, first: date, last: date, unit: Any | None = None) -> Shares:
    """How many decided bad verdicts were set aside, and how many contested findings were overturned.

    Of the verdicts given, and of the appeals and objections decided, from day `first` to day `last`, both included;
    of one unit where it is named.
    """
    rows = Tally.objects.filter(
        place=place,
        day__gte=first,
        day__lte=last,
        bad=True,
        standing__in=[Standing.UPHELD, Standing.SET_ASIDE],
    )
    start, end = (datetime.combine(day, time(), place.zone) for day in (first, last + timedelta(days=1)))
    asked = Review.objects.filter(
        ballot__place=place, ask__in=["appeal", "objection"], decided_at__gte=start, decided_at__lt=end
    )
    if unit is not None:
        rows, asked = rows.filter(unit=unit), asked.filter(ballot__unit=unit)
    counted = rows.aggregate(n_all=Sum("n"), n_aside=Sum("n", filter=Q(standing=Standing.SET_ASIDE)))
    contested = asked.aggregate(n_all=Count("pk"), n_granted=Count("pk", filter=Q(granted=True)))
    minimum = regimes.regime_on(place, last).ballots.minimum
    return Shares(
        _share(counted["n_aside"] or 0, counted["n_all"] or 0, minimum),
        _share(contested["n_granted"], contested["n_all"], minimum),
    )


def _share(hits: int, n: int, minimum: int) -> Share:
    low, high = wilson(hits, n) if n else (0.0, 1.0)
    return Share(n, hits, hits / n if n else None, low, high, core.too_few(n, minimum))


def rule_sources(ballot: Ballot, most: int) -> Sequence[str]:
    """What a reviewer may name as the rule: what the rule-book quotes for verdicts, of at most `most` letters."""
    regime = _regime(ballot)
    quoted = [regime.ballots.source, *(rule.source for rule in regime.rules if rule.on.startswith("ballot."))]
    quoted += [spec.source for spec in regime.cases.values() if spec.flow == "verdict"]
    return tuple(dict.fromkeys(source for source in quoted if source and len(source) <= most))
