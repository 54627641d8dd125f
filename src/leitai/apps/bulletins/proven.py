"""What may be exposed: a verdict found true, a case that was proven, a meeting that was held, an inspection that ended.

Persons are masked, units are named, and what the unit says stands beside the finding. Words that a citizen added are
never used, nor those of a reporter whose kind of case the rule-book does not make public.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from leitai.apps.ballots import queries as ballots
from leitai.apps.casework import queries as cases
from leitai.apps.inspections import queries as inspections
from leitai.apps.ledger.errors import refuse
from leitai.apps.occasions import queries as occasions
from leitai.rules.kernel import N_, Finding, Text
from leitai.ui import words

from .blocks import is_number
from .compose import Composed, full_stop, heading, listed, paragraph, show, source, words_gap
from .masks import masked

KINDS_OF = {"exposure": ("ballot", "case"), "meeting": ("occasion",), "inspection": ("round",)}


def names_of(place: Any) -> list[str]:
    """Names of persons that the place knows: accounts with a post there, officials."""
    accounts = [post.account.full_name for post in place.posts.select_related("account")]
    return [one for one in (*accounts, *(row.name for row in place.officials.all())) if one]


def check(place: Any, kind: str, subject: str) -> Finding | None:
    """Why a bulletin of a kind cannot rest on something ("case:12"); None where it can."""
    room, _colon, rest = subject.partition(":")
    if room not in KINDS_OF.get(kind, ()):
        return Finding("no-source", N_("There is nothing of this name that such a bulletin could rest on."))
    proven = {"ballot": _ballot, "case": _case, "occasion": _occasion, "round": _round}[room]
    return proven(place, subject, rest)


def _ballot(place: Any, subject: str, _rest: str) -> Finding | None:
    known = is_number(subject.partition(":")[2])
    ballot = ballots.by_subject(place, subject) if known else None
    if ballot is None or ballot.standing != "upheld":
        return Finding("not-proven", N_("Only a verdict that was found true is exposed."))
    return None


def _case(place: Any, _subject: str, ref: str) -> Finding | None:
    """A case is proven that was returned, or struck off after the unit had answered; not one set aside."""
    case = cases.case(place, ref)
    if case is None or case.unit is None or not (_struck_off(case) or case.returns):
        return Finding(
            "not-proven", N_("Only a case that was returned, or struck off as put right, is exposed.")
        )
    if case.about.startswith("ballot:"):
        return _ballot(place, case.about, "")
    return None


def _struck_off(case: Any) -> bool:
    """Whether a case ended by being struck off after the unit had answered."""
    table = cases.flow(case)
    answered = {move.to_state for move in table.moves if move.milestone == "answered"}
    ended = {
        move.to_state
        for move in table.moves
        if move.event == "case.closed" and answered & set(move.from_states)
    }
    other = {
        move.to_state
        for move in table.moves
        if move.event == "case.closed" and not answered & set(move.from_states)
    }
    return case.closed_at is not None and case.state in ended - other


def _occasion(place: Any, _subject: str, rest: str) -> Finding | None:
    row = occasions.occasion(place, int(rest)) if is_number(rest) else None
    if row is None or row.state != "held":
        return Finding("not-held", N_("Only a meeting that was held is told of."))
    return None


def _round(place: Any, _subject: str, rest: str) -> Finding | None:
    row = inspections.round_of(place, int(rest)) if is_number(rest) else None
    if row is None or row.closed_at is None:
        return Finding("not-closed", N_("Only an inspection that is over is told of."))
    return None


def composed(place: Any, kind: str, subject: str, now: datetime) -> Composed:
    """What a bulletin says that rests on something. Refuses what `check` finds."""
    found = check(place, kind, subject)
    if found is not None:
        raise refuse(found.code, found.message)
    room, _colon, rest = subject.partition(":")
    compose: Mapping[str, Callable[[], Composed]] = {
        "ballot": lambda: _of_ballot(place, subject),
        "case": lambda: _of_case(place, rest, now),
        "occasion": lambda: _of_meeting(place, subject, int(rest)),
        "round": lambda: _of_round(place, subject, int(rest), now),
    }
    return compose[room]()


def _of_ballot(place: Any, subject: str) -> Composed:
    """A verdict found true: whose, when, of what kind; how it was verified; what the unit put right."""
    ballot = ballots.by_subject(place, subject)
    day = words.instant(ballot.cast_at, place.zone, "day")
    values = {"unit": ballot.unit.name, "day": day}
    blocks = [
        heading(_("Finding")),
        paragraph(
            _("On %(day)s a citizen gave %(unit)s a bad verdict. It was called back and found true.") % values
        ),
        _reply(place, ballot.unit, ballot.answer),
        source(
            subject, _("Source: verdict number %(n)s in the public log of verdicts.") % {"n": ballot.index}
        ),
    ]
    title = _("Exposure: a bad verdict on %(unit)s found true") % values
    return Composed(title, blocks, [(subject, _("the verdict of %(day)s") % values)])


def _of_case(place: Any, ref: str, now: datetime) -> Composed:
    """A proven case: what, when, how late, why it was returned; what the unit says to it."""
    case = cases.case(place, ref)
    kind = show(cases.kind_label(case))
    names = names_of(place)
    values = {
        "unit": case.unit.name,
        "kind": kind,
        "ref": case.ref,
        "day": words.instant(case.opened_at, place.zone, "day"),
        "n": case.returns,
    }
    blocks = [
        heading(_("Finding")),
        paragraph(_("%(kind)s %(ref)s, opened on %(day)s, was with %(unit)s.") % values),
    ]
    if case.tracking is None or cases.is_public(case):
        told = (full_stop() + words_gap()).join(one for one in (case.title, case.text) if one)
        blocks.append(paragraph(masked(told, names)))
    end = case.closed_at or now
    if case.due_at is not None and end > case.due_at:
        late = words.span((end - case.due_at).total_seconds())
        blocks.append(paragraph(_("It went %(late)s over its time.") % {"late": late}))
    if case.returns:
        why = masked(cases.said(case, "return").get("reason", ""), names)
        said = (
            _("It was returned as not really over (times: %(n)s). The reason last time: %(why)s")
            if why
            else _("It was returned as not really over (times: %(n)s).")
        )
        blocks.append(paragraph(said % (values | {"why": why})))
    blocks.append(_reply(place, case.unit, cases.said(case, "answer").get("done", "")))
    blocks.append(source(f"case:{ref}", _("Source: case %(ref)s, with its road in the ledger.") % values))
    cited = [(f"case:{ref}", _("case %(ref)s") % values)]
    if case.about.startswith("ballot:"):
        cited.append((case.about, _("the verdict of case %(ref)s") % values))
    return Composed(_("Exposure: %(kind)s at %(unit)s") % values, blocks, cited)


def _reply(place: Any, unit: Any, text: str) -> dict[str, Any]:
    """What the unit says, masked too; that it said nothing where it did."""
    said = masked(text, names_of(place)) if text else _("It has said nothing to this so far.")
    return {"kind": "reply", "unit": unit.name, "text": said}


def _of_meeting(place: Any, subject: str, number: int) -> Composed:
    """A meeting that was held: what was noted of each part of its agenda, and what was promised."""
    row = occasions.occasion(place, number)
    name = show(occasions.name(row))
    values = {"name": name, "day": words.instant(row.held_at or row.at, place.zone, "day")}
    blocks = [paragraph(_("%(name)s was held on %(day)s.") % values)]
    noted = [notes[0].text for notes in occasions.minutes_of(row).values() if notes]
    if noted:
        blocks.append(heading(_("What was noted")))
        blocks += [paragraph(text) for text in noted]
    promised = occasions.commitments_of(row)
    blocks.append(heading(_("What was promised")))
    blocks += [
        paragraph(
            _("%(unit)s: %(text)s, by %(day)s.")
            % {"unit": one.unit.name, "text": one.text.rstrip(".。"), "day": _day(one.due)}
        )
        for one in promised
    ] or [paragraph(_("No commitment was made."))]
    speakers = [one.unit.name for one in occasions.statements_of(row) if one.given_at]
    if speakers:
        blocks.append(paragraph(_("Spoke: %(units)s.") % {"units": listed(speakers)}))
    blocks.append(source(subject, _("Source: minutes of %(name)s, %(day)s.") % values))
    return Composed(_("Bulletin on %(name)s of %(day)s") % values, blocks, [(subject, name)])


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if words.chinese() else day.isoformat()


def _of_round(place: Any, subject: str, number: int, now: datetime) -> Composed:
    """An inspection that is over: visits and findings by group, then what proved true, with each unit's reply."""
    row = inspections.round_of(place, number)
    told, names = inspections.told(row, now), names_of(place)
    name = show(inspections.name(row))
    values = {"name": name, "period": words.period(row.period)}
    counts = {
        "made": told["visits"]["made"],
        "planned": told["visits"]["planned"],
        "minutes": told["minutes"],
    }
    found = told["findings"]
    blocks: list[dict[str, Any]] = [
        paragraph(
            _("%(made)s of %(planned)s visits were made; they took %(minutes)s minutes of the units.")
            % counts
        ),
        {
            "kind": "table",
            "subject": subject,
            "columns": [
                _("Group"),
                _("Visits"),
                _("Findings"),
                _("Proved true"),
                _("Not borne out"),
                _("Open"),
            ],
            "rows": [
                [
                    show(Text(**one["name"])),
                    *(str(one["visits"]["made"]),),
                    *(str(one["findings"][key]) for key in ("found", "verified", "refuted", "open")),
                ]
                for one in told["groups"]
            ],
        },
        paragraph(_("Found: %(found)s; proved true: %(verified)s; not borne out: %(refuted)s.") % found),
    ]
    proven = [one for one in told["found"] if one["stands"] == "verified"]
    if proven:
        blocks.append(heading(_("What proved true")))
    for one in proven:
        unit = show(Text(**{language: said for language, said in one["name"].items() if said}))
        blocks.append(heading(f"{unit}{_(': ')}{show(Text(**one['line']))}", 2))
        blocks.append(paragraph(masked(one["text"], names)))
        said = masked(one["reply"], names) or _("It has said nothing to this so far.")
        blocks.append({"kind": "reply", "unit": unit, "text": said})
    blocks.append(source(subject, _("Source: report of %(name)s, %(period)s.") % values))
    return Composed(_("Bulletin on %(name)s, %(period)s") % values, blocks, [(subject, name)])


def masked_text(
    place: Any, title: str, blocks: Iterable[Mapping[str, Any]]
) -> tuple[str, list[dict[str, Any]]]:
    """A title and blocks with the persons masked whom people wrote into them; units stay named."""
    names = names_of(place)
    return masked(title, names), [_masked(one, names) for one in blocks]


def _masked(block: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    if block["kind"] in ("heading", "paragraph"):
        return {**block, "text": masked(block["text"], names)}
    if block["kind"] == "frame":  # its other lines name bodies
        said = {name: masked(block.get(name, ""), names) for name in ("to", "copy")}
        return {**block, **said, "annexes": [masked(one, names) for one in block.get("annexes", ())]}
    return dict(block)
