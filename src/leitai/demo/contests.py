"""A sample contest before its jury: put forward, checked, objected to and answered, two ballots in the box."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from leitai.apps.contests import actions, queries
from leitai.apps.people import actions as people_actions
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Period, Text
from leitai.rules.merits.contests import ends

from .script import ContestScript, DemoError, Script

BY, OFFICE = "sample", "sample-office"
BACK = 120  # days within which the call of a contest that is being voted on is sought
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SMALL = ("window", "hall", "point")
OFFICIAL = Text(zh="样例干部{n}", en="Sample official {n}")
JUROR = Text(zh="样例评委{n}", en="Sample juror {n}")
WHY = Text(
    zh="样例：全年走访企业{n}家，难题件件有回音", en="Sample: called on {n} firms, every question answered"
)
PAPER = Text(zh="样例档案 第{n}号", en="Sample file no. {n}")
OBJECTION = Text(zh="样例：走访记录有两家对不上", en="Sample: two of the visits are not in the records")
ANSWER = Text(
    zh="样例：已核对原始记录，两家均有登记", en="Sample: looked up; both visits are in the original book"
)


def put_contest(place: Any, script: Script, spec: ContestScript, now: datetime) -> bool:
    """Bring a contest of the rule-book to the days of its vote, once. Returns whether it was done now."""
    if any(one.key == spec.key for one in queries.contests(place)):
        return False
    regime = regimes.regime_on(place, now.astimezone(place.zone).date())
    paragraph = regime.contests.get(spec.key)
    if paragraph is None:
        raise DemoError(f"{place.key}: the rule-book has no contest {spec.key}")
    calendar = regimes.calendars(regime)[paragraph.on]
    back = (now - n * DAY for n in range(1, BACK))
    opened = next(
        (
            at
            for at in back
            if (times := ends(paragraph, at, calendar)).notice <= now - HOUR < now < times.vote
        ),
        None,
    )
    if opened is None:
        raise DemoError(f"{place.key}: no call of {spec.key} has its vote on the day of the demonstration")
    day = opened.astimezone(place.zone).date()
    row = actions.call(
        place=place, key=spec.key, period=Period.containing("year", day).key, at=opened, by=BY, now=opened
    )
    forward = _nominate(row, _units(place, script, paragraph)[: spec.forward], paragraph.of == "official")
    jurors = _name_jury(row, script, paragraph.jury, forward)
    actions.check_records(contest=row, by=BY, now=row.nominations_until)
    row.refresh_from_db()
    standing = queries.voted_on(row)
    if standing:
        language = place.language
        at = row.nominations_until + DAY
        said = actions.challenge(nomination=standing[0], text=OBJECTION.show(language), by="anyone", now=at)
        actions.answer_challenge(
            challenge=said, upheld=False, answer=ANSWER.show(language), by=OFFICE, now=at + HOUR
        )
    for n, account in enumerate(jurors[:2]):
        chosen = [str(one.pk) for one in standing[n : n + paragraph.seats]]
        by = f"account:{account.username}"
        at = row.notice_until + (now - row.notice_until) / 2
        actions.vote(contest=row, account=account, choices=chosen, by=by, now=at)
    return True


def _units(place: Any, script: Script, paragraph: Any) -> list[Any]:
    """Units that the contest is open to, those of the script's clerks first."""
    rows = people.picked(place, paragraph.who) if paragraph.who is not None else list(people.units(place))
    clerks = {one.unit for one in script.accounts if one.unit}
    return sorted(
        (one for one in rows if one.kind not in SMALL), key=lambda one: (one.key not in clerks, one.key)
    )


def _nominate(row: Any, units: Sequence[Any], of_officials: bool) -> Sequence[Any]:
    """These units, or an official of each, put forward one after another while nominations are taken."""
    place, language = row.place, row.place.language
    step = (row.nominations_until - row.opened_at) / (len(units) + 1)
    since = row.opened_at.astimezone(place.zone).date() - timedelta(days=365)
    for n, unit in enumerate(units, 1):
        official = None
        if of_officials:
            key = f"sample-{n}"
            name = OFFICIAL.show(language).format(n=n)
            draft = people_actions.OfficialDraft(key, unit.key, "deputy", since, name=name)
            people_actions.put_officials(place=place, drafts=[draft], by=BY, now=row.opened_at)
            official = people.official(place, key)
        actions.nominate(
            contest=row,
            unit=unit,
            official=official,
            why=WHY.show(language).format(n=20 + 3 * n),
            exhibits=[("", PAPER.show(language).format(n=n))],
            office="unit" not in queries.spec_of(row).nominates,
            by=BY,
            now=row.opened_at + n * step,
        )
    return units


def _name_jury(row: Any, script: Script, least: int, forward: Sequence[Any]) -> list[Any]:
    """A jury of the script's leader, inspector and patrol, and of sample clerks of units that are not put forward.

    Returns the sample ones, at least two, who have no password to sign in by.
    """
    place, below = row.place, people.descendants(row.place)
    roles = ("leader", "inspector", "patrol")
    own = queries.who_may_judge(
        place, [f"{one.login}-{place.key}" for one in script.accounts if one.role in roles]
    )
    ids = {one.pk for one in forward}
    apart = [
        one
        for one in people.units(place)
        if one.kind not in SMALL and not ids & below[one.pk] and not any(one.pk in below[pk] for pk in ids)
    ]
    posts = [
        people_actions.appoint(
            place=place,
            username=f"juror{n}-{place.key}",
            role="clerk",
            unit=unit,
            full_name=JUROR.show(place.language).format(n=n),
            by=BY,
            now=row.opened_at,
        )
        for n, unit in enumerate(apart[-max(2, least - len(own)) :], 1)
    ]
    sample = [one.account for one in posts]
    named = [*own.values(), *sample]
    actions.name_jury(contest=row, accounts=named, by=OFFICE, now=row.nominations_until - HOUR)
    return sample
