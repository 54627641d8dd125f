"""The small town with a contest of its units, and its road from the call to the count."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.contests import actions, queries
from leitai.apps.contests.models import Challenge, Contest, Nomination
from tests.factories import BY, DAY, HOUR, NOW, Town, build, text

CONTESTS = """
contests:
  doers:
    name: {zh: 寻访身边的实干者, en: The doers beside us}
    who: {kind: bureau}
    nominations: 10 workdays
    notice: 5 workdays
    vote: 3 workdays
    on: office
    jury: 3
    seats: 1
    merit: flag
    checks:
      clean: {name: {zh: 无问责, en: No accountability}, if: record.accountability == 0}
      closed: {name: {zh: 无虚假销号, en: No false closing}, if: record.false_closings + record.breaches < 3}
    source: "rule 20: the doers are looked for"

merits:
"""
OFFICE = "account:office-town"


def contest_town(key: str = "town", of: str = "unit") -> Town:
    """The town whose rule-book has the contest, of its units or of their officials."""
    contests = CONTESTS.replace("    who:", f"    of: {of}\n    who:")
    return build(key, regime=text(key).replace("\nmerits:\n", contests, 1))


def called(town: Town) -> Contest:
    """The contest of the year, called at NOW."""
    found: Contest = actions.call(place=town.place, key="doers", period="2024", at=NOW, by=BY, now=NOW)
    return found


def forward(contest: Contest, unit: Any, now: datetime = NOW + HOUR, **more: Any) -> Nomination:
    """A unit put forward by the office."""
    given = {
        "official": None,
        "why": "It did much",
        "exhibits": [("table:1", "first of its group")],
        "office": True,
    }
    found: Nomination = actions.nominate(
        **({"contest": contest, "unit": unit, "by": OFFICE, "now": now} | given | more)
    )
    return found


def jurors(town: Town) -> list[Any]:
    """Three who serve at no unit that is put forward, and put nobody forward: the office does that."""
    return [town.posts[role].account for role in ("leader", "inspector", "patrol")]


def at_vote(town: Town, *keys: str) -> tuple[Contest, list[Nomination]]:
    """A contest with these units before its jury."""
    contest = called(town)
    rows = [forward(contest, town.units[key]) for key in keys]
    actions.name_jury(contest=contest, accounts=jurors(town), by=OFFICE, now=NOW + HOUR)
    actions.check_records(contest=contest, by="drive", now=contest.nominations_until)
    contest.refresh_from_db()
    return contest, [queries.nomination(town.place, row.pk) or row for row in rows]


def objected(
    nomination: Nomination, text: str = "The leak was never mended", at: datetime | None = None
) -> Challenge:
    """An objection of anybody's, an hour before the names stop being public."""
    found: Challenge = actions.challenge(
        nomination=nomination, text=text, by="anyone", now=at or nomination.contest.notice_until - HOUR
    )
    return found


def answered(said: Challenge, now: datetime, *, upheld: bool = False) -> None:
    """Its answer, by one of the office who put nobody forward."""
    actions.answer_challenge(
        challenge=said, upheld=upheld, answer="It was looked into.", by="account:second-office", now=now
    )


def cast(contest: Contest, account: Any, *choices: Nomination, now: datetime | None = None) -> str:
    """One juror's ballot; its slip."""
    found: str = actions.vote(
        contest=contest,
        account=account,
        choices=[str(one.pk) for one in choices],
        by=f"account:{account.username}",
        now=now or contest.notice_until + DAY / 24,
    )
    return found
