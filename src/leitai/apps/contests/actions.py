"""Writing contests: called, nominated, checked against the record, challenged, voted on in secret, counted."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Case, F, Value, When
from django.utils.translation import gettext

from leitai.apps.ledger.actions import UNCHANGED, action, nothing_new, record
from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_
from leitai.rules.ledger import canonical, digest
from leitai.rules.merits import contests as core

from . import queries
from .models import Challenge, Contest, Exhibit, Juror, Nomination, SecretBallot

MOST_EXHIBITS = 20
LATE = timedelta(hours=1)
MOST_OPEN = 200  # objections may come from anyone, so a flood of them is stopped here


@action("contest.called")
def call(
    *, place: Any, key: str, period: str, at: datetime, cause: str = "", by: str, now: datetime
) -> Contest:
    """Call a contest of the rule-book for a period; once. Its stages run from `now`, when it can be known of."""
    regime = regimes.regime_on(place, at.astimezone(place.zone).date())
    spec = regime.contests.get(key)
    if spec is None:
        raise refuse("no-such-contest", N_("The rule-book has no contest “%(key)s”."), key=key)
    times = core.ends(spec, now, regimes.calendars(regime)[spec.on])
    row, new = Contest.objects.get_or_create(
        place=place,
        key=key,
        period=period,
        defaults={
            "title": spec.name.show(place.language)[:200],
            "seats": spec.seats,
            "opened_at": now,
            "opened_by": by,
            "nominations_until": times.nominations,
            "notice_until": times.notice,
            "vote_until": times.vote,
        },
    )
    if not new:
        return UNCHANGED
    _tell(row, "contest.called", by, now, {"until": row.nominations_until, "seats": row.seats}, cause=cause)
    return row


@action("contest.nominated")
def nominate(
    *,
    contest: Contest,
    unit: Any,
    official: Any | None,
    why: str,
    exhibits: Sequence[tuple[str, str]],
    office: bool,
    by: str,
    now: datetime,
) -> Nomination:
    """Put a unit, or an official of it, forward: with words, and with what of the record shows them.

    `exhibits` are (subject, what it shows); a subject is "case:12", "table:3", "reading:5", or "" for a paper that is
    named. `office`: put forward by the office, not by the unit itself.
    """
    contest = _locked(contest)
    _stage(contest, now, "nominations")
    spec = queries.spec_of(contest)
    if ("office" if office else "unit") not in spec.nominates:
        raise refuse("not-yours", N_("In this contest you do not put anyone forward."))
    if by in {f"account:{one.account.username}" for one in contest.jurors.select_related("account")}:
        raise refuse(
            "juror-nominates", N_("You are on the jury of this contest: who judges puts nobody forward.")
        )
    if (spec.of == "official") != (official is not None):
        raise refuse("who", N_("Say who is put forward: this contest is for %(who)s."), who=_of(spec.of))
    if spec.who is not None and not people.is_picked(unit, spec.who):
        raise refuse("not-open-to", N_("This contest is not open to %(unit)s."), unit=unit.name)
    if official is not None and official not in people.officials_at(
        unit, now.astimezone(contest.place.zone).date()
    ):
        raise refuse("serves-elsewhere", N_("This official does not serve at %(unit)s."), unit=unit.name)
    kept = [(subject.strip()[:60], text.strip()[:300]) for subject, text in exhibits if text.strip()]
    if not why.strip() or not kept:
        raise refuse(
            "no-evidence", N_("Say what was done, and at least one thing of the record that shows it.")
        )
    if len(kept) > MOST_EXHIBITS:
        raise refuse("too-many-exhibits", N_("At most %(most)s pieces of evidence."), most=MOST_EXHIBITS)
    row = Nomination.objects.create(
        contest=contest, unit=unit, official=official, why=why.strip(), by=by, at=now
    )
    Exhibit.objects.bulk_create(Exhibit(nomination=row, subject=subject, text=text) for subject, text in kept)
    _tell(contest, "contest.nominated", by, now, _of_whom(row) | {"why": digest(row.why.encode())}, row)
    return row


@action("contest.checked")
def check_records(*, contest: Contest, by: str, now: datetime) -> Contest:
    """Ask the record of everyone put forward, once nominations are over; who does not pass is left out, and why."""
    contest = _locked(contest)
    if contest.checked_at is not None:
        return UNCHANGED
    _stage(contest, now, "notice", "held", "vote", "count")
    spec = queries.spec_of(contest)
    rows = list(contest.nominations.select_related("unit", "official").order_by("pk"))
    language = contest.place.language
    for row in rows:
        found = core.check_record(spec, queries.record_of(row.unit, row.official, now))
        said = [
            {"key": one.key, "name": one.name.show(language), "held": one.held, "asked": dict(one.asked)}
            for one in found
        ]
        row.checks = canonical(said).decode()
        # An objection may have been upheld before the worker came by: whoever it left out stays out.
        row.passed = row.passed is not False and all(one.held for one in found)
        failed = [one.name.show(language) for one in found if not one.held]
        row.excluded_why = "; ".join(filter(None, [row.excluded_why, *failed]))[:300]
    Nomination.objects.bulk_update(rows, ["checks", "passed", "excluded_why"], batch_size=500)
    contest.checked_at = now
    late = now - contest.nominations_until > LATE
    if late:
        # Names are public from here on, and are so for as long as the rule-book says.
        times = core.ends_after(spec, now, queries.calendar_of(contest))
        contest.notice_until, contest.vote_until = times.notice, times.vote
    contest.save(update_fields=["checked_at", "notice_until", "vote_until"])
    left_out = sum(not row.passed for row in rows)
    facts = {"nominated": len(rows), "left_out": left_out, "late": late, "notice_until": contest.notice_until}
    _tell(contest, "contest.checked", by, now, facts)
    return contest


@action("contest.challenged")
def challenge(*, nomination: Nomination, text: str, by: str, now: datetime) -> Challenge:
    """Object to somebody while the names are public. The objection is for the office and the jury to read."""
    contest = _locked(nomination.contest)
    _stage(contest, now, "notice")
    said = text.strip()[:4000]
    if not said:
        raise refuse("no-words", N_("Say what you object to."))
    waiting = Challenge.objects.filter(nomination=nomination, answered_at__isnull=True)
    known = waiting.filter(text=said, by=by).first()
    if known is not None:  # pressed twice
        nothing_new()
        return known
    if Challenge.objects.filter(nomination__contest=contest, answered_at__isnull=True).count() >= MOST_OPEN:
        raise refuse(
            "too-many-open", N_("Too many objections wait for an answer; write to the office instead.")
        )
    row = Challenge.objects.create(nomination=nomination, text=said, by=by, at=now)
    _tell(
        contest,
        "contest.challenged",
        by,
        now,
        _of_whom(nomination) | {"words": digest(row.text.encode())},
        nomination,
    )
    return row


@action("contest.challenge_answered")
def answer_challenge(*, challenge: Challenge, upheld: bool, answer: str, by: str, now: datetime) -> Challenge:
    """The office's answer to an objection; one that is upheld leaves the nominee out of the vote.

    Where the vote waited for the last answer, the jury has its full time from then on.
    """
    challenge = (
        Challenge.objects.select_for_update()
        .select_related("nomination__contest__place")
        .get(pk=challenge.pk)
    )
    nomination = challenge.nomination
    contest = _locked(nomination.contest)
    if challenge.answered_at is not None:
        raise refuse("answered-already", N_("This objection was answered already."))
    stage = queries.stage(contest, now)
    if stage == "closed" or (upheld and contest.secret_ballots.exists()):
        raise refuse("too-late", N_("The vote has begun; nobody is left out any more."))
    if not answer.strip():
        raise refuse("no-grounds", N_("Say on what grounds."))
    if by in (challenge.by, nomination.by):
        raise refuse("own-case", N_("Who nominated or objected does not decide on the objection."))
    challenge.upheld, challenge.answer = upheld, answer.strip()[:500]
    challenge.answered_by, challenge.answered_at = by, now
    challenge.save()
    if upheld:
        nomination.passed, nomination.excluded_why = False, challenge.answer[:300]
        nomination.save(update_fields=["passed", "excluded_why"])
    facts = _of_whom(nomination) | {"upheld": upheld}
    if stage == "held" and not queries.unanswered_in(contest):
        spec = queries.spec_of(contest)
        contest.vote_until = core.vote_end(spec, now, queries.calendar_of(contest))
        contest.save(update_fields=["vote_until"])
        facts["vote_until"] = contest.vote_until
    _tell(contest, "contest.challenge_answered", by, now, facts, nomination)
    return challenge


@action("contest.jury_named")
def name_jury(*, contest: Contest, accounts: Iterable[Any], by: str, now: datetime) -> int:
    """Name the jury, before the vote begins; who has a part in what is put forward is refused, by name."""
    contest = _locked(contest)
    if queries.stage(contest, now) not in ("nominations", "notice"):
        raise refuse("vote-begun", N_("The vote has begun; the jury is not changed any more."))
    named = list(accounts)
    for account in named:
        if account.username not in queries.who_may_judge(contest.place, [account.username]):
            raise refuse("juror-unknown", N_("%(who)s holds no post here."), who=account.username)
        _may_judge(contest, account)
    least = queries.spec_of(contest).jury
    if len(named) < least:
        raise refuse("jury-small", N_("The rule-book asks for at least %(least)s jurors."), least=least)
    contest.jurors.all().delete()
    Juror.objects.bulk_create(Juror(contest=contest, account=account) for account in named)
    _tell(contest, "contest.jury_named", by, now, {"jurors": len(named)})
    return len(named)


@action("contest.voted")
def vote(
    *,
    contest: Contest,
    account: Any,
    choices: Sequence[str],
    draw: Callable[[int], str] = secrets.token_hex,
    by: str,
    now: datetime,
) -> str:
    """Put one juror's ballot in the box and give back its slip, by which the juror finds it in the count.

    The ballot is kept without the juror, and the ledger tells only that one more ballot was cast: not by whom, and
    not which. `choices` are numbers of nominations; `draw` gives so many random bytes as hex.
    """
    contest = _locked(contest)
    _stage(contest, now, "vote")
    juror = Juror.objects.select_for_update().filter(contest=contest, account=account).first()
    if juror is None or by != f"account:{account.username}":
        raise refuse("no-juror", N_("You are not on this jury."))
    _may_judge(contest, account)
    if juror.voted:
        raise refuse("voted-already", N_("You have voted; a ballot in the box is not taken out again."))
    open_to = [str(row.pk) for row in queries.voted_on(contest)]
    finding = core.check_ballot(choices, open_to, contest.seats)
    if finding is not None:
        raise Refused(finding)
    slip = draw(8)
    cast = _into_the_box(
        contest, juror, SecretBallot(contest=contest, choices=sorted(choices), slip=slip), draw
    )
    # The event bears the contest's own instant and no name: whoever reads the ledger learns only how many there are.
    record(
        place=contest.place,
        kind="contest.voted",
        by="jury",
        now=now,
        at=contest.notice_until,
        subject=f"contest:{contest.pk}",
        data={"contest.key": contest.key, "ballots": cast},
    )
    return slip


@action("contest.closed", "contest.elected")
def close(*, contest: Contest, by: str, now: datetime) -> Contest:
    """Count the ballots once the vote is over; tell who is elected, each by an event of its own."""
    contest = _locked(contest)
    if contest.closed_at is not None:
        return UNCHANGED
    _stage(contest, now, "count")
    rows = {str(row.pk): row for row in queries.voted_on(contest)}
    ballots = [row.choices for row in contest.secret_ballots.order_by("id")]
    outcome = core.count(rows, ballots, seats=contest.seats, jury=queries.spec_of(contest).jury)
    for key, row in rows.items():
        row.votes, row.elected = outcome.votes[key], key in outcome.elected
    Nomination.objects.bulk_update(list(rows.values()), ["votes", "elected"], batch_size=500)
    result = {
        "ballots": outcome.ballots,
        "valid": outcome.valid,
        "elected": [int(one) for one in outcome.elected],
        "level": [int(one) for one in outcome.level],
        "slips": sorted([row.slip, row.choices] for row in contest.secret_ballots.all()),
    }
    contest.closed_at, contest.result = now, canonical(result).decode()
    contest.save(update_fields=["closed_at", "result"])
    facts = {"ballots": outcome.ballots, "valid": outcome.valid, "elected": len(outcome.elected)}
    _tell(contest, "contest.closed", by, now, facts | {"digest": digest(contest.result.encode())})
    for key in outcome.elected:
        _tell(contest, "contest.elected", by, now, _of_whom(rows[key]), rows[key])
    return contest


def _into_the_box(contest: Contest, juror: Juror, ballot: SecretBallot, draw: Callable[[int], str]) -> int:
    """Put a ballot to the others and note that the juror has voted; returns how many ballots there are.

    A row bears the number of the transaction that wrote it (in PostgreSQL, `xmin`) and a place in its table. So every
    ballot and every juror of the contest is written anew with each vote, the ballots under new random keys in their
    order: all bear the number of the last vote and none tells which juror's it came with.
    """
    ballots = [*contest.secret_ballots.all(), ballot]
    for one in ballots:
        one.pk = draw(16)
    contest.secret_ballots.all().delete()
    SecretBallot.objects.bulk_create(sorted(ballots, key=lambda one: one.pk))
    has_voted = Case(When(pk=juror.pk, then=Value(True)), default=F("voted"), output_field=BooleanField())
    contest.jurors.update(voted=has_voted)
    return len(ballots)


def _locked(contest: Contest) -> Contest:
    return Contest.objects.select_for_update(of=("self",)).select_related("place").get(pk=contest.pk)


def _stage(contest: Contest, now: datetime, *wanted: str) -> None:
    stage = queries.stage(contest, now)
    if stage not in wanted:
        held = queries.why_held(contest) if stage == "held" else None
        if held is not None:
            raise Refused(held)
        raise refuse(
            "not-this-stage",
            N_("The contest is at another stage now: %(stage)s."),
            stage=queries.STAGES[stage],
        )


def _may_judge(contest: Contest, account: Any) -> None:
    """Refuses a juror who has a part in what is judged; also where that came after the jury was named."""
    finding = queries.why_no_juror(contest, account)
    if finding is not None:
        raise Refused(finding)


def _of(kind: str) -> str:
    return gettext("officials") if kind == "official" else gettext("units")


def _of_whom(row: Nomination) -> dict[str, Any]:
    """Whom an event is about: the unit, and the official by key, which tells nobody a name."""
    named = {"official": row.official.key} if row.official is not None else {}
    return {"unit.key": row.unit.key, "unit.kind": row.unit.kind, "nomination": row.pk} | named


def _tell(
    contest: Contest,
    kind: str,
    by: str,
    now: datetime,
    data: dict[str, Any],
    row: Nomination | None = None,
    cause: str = "",
) -> None:
    record(
        place=contest.place,
        kind=kind,
        by=by,
        now=now,
        subject=f"nomination:{row.pk}" if row is not None else f"contest:{contest.pk}",
        data={"contest.key": contest.key} | data,
        cause=cause,
    )
