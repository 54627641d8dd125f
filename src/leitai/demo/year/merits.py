"""Consequences of a simulated year: who is concerned replies, the body decides, some appeal and another settles.

And what is published of it: bulletins, each approved by two.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from leitai.apps.bulletins import actions as bulletins
from leitai.apps.bulletins import queries as bulletin_rows
from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.models import Event
from leitai.apps.merits import actions as merits
from leitai.apps.merits import queries as files
from leitai.apps.occasions import queries as occasions
from leitai.rules.kernel import Text

from . import words
from .world import World

REPLIES, APPEALS, UNDONE, OBJECTED = 0.8, 0.25, 0.3, 0.03
UPHELD = {"honour": 0.96, "notice": 0.75, "accountability": 0.55}
EXPOSED = 0.02
_YES = Text(
    zh="事实清楚，依据充分，第{n}号材料可查，予以认定",
    en="The facts are plain and rest on paper {n}; it is upheld",
)
_NO = Text(
    zh="所述情况属实，第{n}号材料可证，不予认定", en="What was said is so, as paper {n} shows; not upheld"
)
_OUTDATED = Text(
    zh="所依据的数据已更正，另行起草", en="The figures it rests on were corrected; it is drawn up anew"
)
_GRACE = timedelta(hours=2)


def proposed(world: World, event: Event) -> None:
    """A file is opened: reply, then the decision; without a reply the decision waits for the time to be over."""
    row = _file(world, event)
    if row is None or row.reply_by is None:
        return
    rng = world.chance.of("file", row.pk)
    if row.tone == "honour":
        if rng.random() < OBJECTED:
            world.at(world.now + (row.reply_by - world.now) * rng.random(), partial(_object, world, row))
    elif rng.random() < REPLIES:
        span = max(row.reply_by - world.now, timedelta(minutes=30))
        at = min(world.in_hours(world.now + span * rng.uniform(0.2, 0.85)), row.reply_by)
        world.at(at, partial(_reply, world, row))
        return
    world.at(world.after(row.reply_by + _GRACE, rng.uniform(1, 16)), partial(_decide, world, row))


def _file(world: World, event: Event) -> Any:
    return files.proposal(world.place, int(event.subject.partition(":")[2]))


def _speaker(world: World, row: Any) -> str:
    """Who speaks for a file: the official, where the list has an account, or the unit's clerk."""
    if row.official is not None and row.official.account is not None:
        return f"account:{row.official.account.username}"
    return world.clerk(row.unit)


def _reply(world: World, row: Any, now: datetime) -> None:
    text = world.say(words.cause(world.chance.of("reply", row.pk)))
    merits.reply(proposal=row, text=text, by=_speaker(world, row), now=now)
    wait = 2 + 14 * world.chance.share("decide-after", row.pk)
    world.at(world.after(now, wait), partial(_decide, world, row))


def _object(world: World, row: Any, now: datetime) -> None:
    text = world.say(words.fault(world.chance.of("object", row.pk)))
    merits.object_to(proposal=row, text=text, by="anyone", now=now)


def _decide(world: World, row: Any, now: datetime) -> None:
    row = files.proposal(world.place, row.pk)
    if row is None or row.decided_at is not None or row.withdrawn_at is not None:
        return
    by = _body(world, row, ())
    rng = world.chance.of("decide", row.pk)
    upheld = rng.random() < UPHELD[row.tone] and not (
        row.tone == "honour" and row.reply and rng.random() < 0.5
    )
    said = world.say(_YES if upheld else _NO).format(n=rng.randint(10, 900))
    merits.decide(proposal=row, upheld=upheld, decision=said, by=by, now=now)


def _body(world: World, row: Any, but: tuple[str, ...]) -> str:
    """Somebody of the body that decides a file."""
    spec = files.spec_of(row)
    roles = (spec.body,) if spec is not None and spec.body else ("leader", "inspector")
    pool = [f"account:{login}" for role in roles for login in world.staff[role]]
    return world.chance.one([one for one in pool if one not in but], "body", row.pk, len(but))


def decided(world: World, event: Event) -> None:
    """Some of those whom a decision goes against appeal; another person settles it."""
    row = _file(world, event)
    if row is None or row.appeal_by is None or world.chance.share("appeals", row.pk) >= APPEALS:
        return
    rng = world.chance.of("appeal", row.pk)
    at = min(world.in_hours(world.now + (row.appeal_by - world.now) * rng.uniform(0.1, 0.8)), row.appeal_by)
    world.at(at, partial(_appeal, world, row))


def _appeal(world: World, row: Any, now: datetime) -> None:
    text = world.say(words.cause(world.chance.of("appeal-text", row.pk)))
    merits.appeal(proposal=row, text=text, by=_speaker(world, row), now=now)


def appealed(world: World, event: Event) -> None:
    """Another of the body than who decided looks at it again."""
    row = _file(world, event)
    if row is not None:
        world.at(
            world.after(world.now, 6 + 20 * world.chance.share("settle", row.pk)),
            partial(_settle, world, row),
        )


def _settle(world: World, row: Any, now: datetime) -> None:
    row = files.proposal(world.place, row.pk)
    if row is None or row.settled_at is not None:
        return
    by = _body(world, row, (row.decided_by,))
    rng = world.chance.of("settle", row.pk)
    undone = rng.random() < UNDONE
    said = world.say(_NO if undone else _YES).format(n=rng.randint(10, 900))
    merits.settle(proposal=row, upheld=undone, decision=said, by=by, now=now)


def unfounded(world: World, event: Event) -> None:
    """What a decision rests on was corrected: the body takes it back."""
    row = _file(world, event)
    if row is not None:
        world.at(world.after(world.now, 8), partial(_take_back, world, row, ledger.data(event)["why"]))


def _take_back(world: World, row: Any, why: str, now: datetime) -> None:
    merits.withdraw(proposal=row, why=why, by=_body(world, row, ()), now=now)


# Bulletins


def drawn(world: World, event: Event) -> None:
    """A draft is read by two people in the days after, and issued with the second's approval."""
    number = int(event.subject.partition(":")[2])
    world.at(world.after(world.now, 1), partial(_approve, world, number, "office"))
    world.at(world.after(world.now, 4), partial(_approve, world, number, "leader"))


def _approve(world: World, number: int, role: str, now: datetime) -> None:
    row = bulletin_rows.bulletin(world.place, number)
    if row is None or row.state != "draft":
        return
    by = world.one_of(role, "bulletin", number)
    if bulletin_rows.outdated(row) is not None:
        bulletins.drop(bulletin=row, why=world.say(_OUTDATED), by=world.one_of("office", number), now=now)
        return
    bulletins.approve(bulletin=row, read=bulletin_rows.digest_of(row), by=by, now=now)


def of_meeting(world: World, event: Event) -> None:
    """The office tells of the large meetings, those at which units speak."""
    row = occasions.occasion(world.place, int(event.subject.partition(":")[2]))
    spec = occasions.spec_of(row) if row is not None else None
    if spec is not None and spec.speaking is not None:
        world.at(world.after(world.now, 5), partial(_draft, world, "meeting", event.subject))


def of_round(world: World, event: Event) -> None:
    """And of inspections that are over."""
    subject = f"round:{event.subject.partition(':')[2]}"
    world.at(world.after(world.now, 7), partial(_draft, world, "inspection", subject))


def of_case(world: World, event: Event) -> None:
    """Of what was proven, a little is put into the column of exposures."""
    if ledger.data(event)["case.kind"] != "bad-verdict" and ledger.data(event)["case.returns"]:
        if world.chance.share("exposed", event.subject) < EXPOSED * 5:
            world.at(world.after(world.now, 9), partial(_draft, world, "exposure", event.subject))


def _draft(world: World, kind: str, about: str, now: datetime) -> None:
    by = world.one_of("office", kind, about)
    bulletins.draft(place=world.place, kind=kind, about=about, by=by, now=now)


REACTIONS = {
    "merit.proposed": (proposed,),
    "merit.decided": (decided,),
    "merit.appealed": (appealed,),
    "merit.unfounded": (unfounded,),
    "bulletin.drawn": (drawn,),
    "occasion.held": (of_meeting,),
    "inspection.closed": (of_round,),
    "case.closed": (of_case,),
}
