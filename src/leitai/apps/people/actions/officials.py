"""Writing officials and their tenures. Names are sealed at once; the ledger knows officials by key alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_

from ..models import Account, Official, Tenure, Unit
from ..seals import seal


@dataclass(frozen=True)
class OfficialDraft:
    """A line of the list: who holds which duty at a unit, from `since` to the day before `until`.

    `key` stays theirs through every post. `name` empty: the one known. `account`: the user name they sign in by.
    """

    key: str
    unit: str
    duty: str
    since: date
    until: date | None = None
    name: str = ""
    title: str = ""
    account: str = ""


@action("officials.changed")
def put_officials(*, place: Any, drafts: Sequence[OfficialDraft], by: str, now: datetime) -> dict[str, int]:
    """Add officials and their tenures, or bring them up to date, in one act. Returns counts of tenures.

    A tenure is known again by official, unit, duty and first day. Raises Refused, and then changes nothing, for a unit
    or account that is unknown, an official without a name, dates the wrong way round, or two heads of a unit on a day.
    """
    units = {row.key: row for row in Unit.objects.filter(place=place)}
    known = {row.key: row for row in Official.objects.filter(place=place).select_related("account")}
    accounts = Account.objects.in_bulk({one.account for one in drafts if one.account}, field_name="username")
    counts = {"added": 0, "changed": 0}
    renamed = 0
    for draft in drafts:
        _check(draft, units, known, accounts)
    _check_heads(units, drafts)
    # Whoever leaves leaves first: a new head may stand above the old one in the list.
    for draft in sorted(drafts, key=lambda one: one.until is None):
        official, new = _official(place, draft, known, accounts)
        renamed += new
        values = {"title": draft.title, "until": draft.until}
        row = Tenure.objects.filter(
            official=official, unit=units[draft.unit], duty=draft.duty, since=draft.since
        ).first()
        if row is None:
            Tenure.objects.create(
                official=official, unit=units[draft.unit], duty=draft.duty, since=draft.since, **values
            )
            counts["added"] += 1
        elif (row.title, row.until) != (draft.title, draft.until):
            row.title, row.until = draft.title, draft.until
            row.save()
            counts["changed"] += 1
    if not (renamed or any(counts.values())):
        return UNCHANGED
    keys = sorted({one.key for one in drafts})
    record(
        place=place,
        kind="officials.changed",
        by=by,
        now=now,
        subject=f"place:{place.key}",
        data=counts | {"keys": keys[:200]},
    )
    return counts


def _check(draft: OfficialDraft, units: Any, known: Any, accounts: Any) -> None:
    """Raises Refused for a line that cannot be taken."""
    if draft.unit not in units:
        raise refuse(
            "unknown-unit",
            N_("Official %(key)s: there is no unit %(unit)s."),
            key=draft.key,
            unit=draft.unit,
        )
    if draft.duty not in Tenure.DUTIES:
        raise refuse(
            "unknown-duty",
            N_("Official %(key)s: a duty is one of %(duties)s, not %(duty)s."),
            key=draft.key,
            duties=", ".join(Tenure.DUTIES),
            duty=draft.duty,
        )
    if draft.until is not None and draft.until <= draft.since:
        raise refuse(
            "ends-before-it-began",
            N_("Official %(key)s: a duty that began on %(since)s cannot end on %(until)s."),
            key=draft.key,
            since=draft.since.isoformat(),
            until=draft.until.isoformat(),
        )
    if draft.account and draft.account not in accounts:
        raise refuse(
            "unknown-account",
            N_("Official %(key)s: there is no account %(account)s."),
            key=draft.key,
            account=draft.account,
        )
    if draft.key not in known and not draft.name.strip():
        raise refuse("official-no-name", N_("Official %(key)s is new and needs a name."), key=draft.key)


def _official(place: Any, draft: OfficialDraft, known: Any, accounts: Any) -> tuple[Official, bool]:
    """The official of a line, made or brought up to date; whether anything of theirs is new."""
    name, account = draft.name.strip(), accounts.get(draft.account)
    row = known.get(draft.key)
    if row is None:
        row = Official.objects.create(
            place=place, key=draft.key, sealed=seal({"name": name}), account=account
        )
        known[draft.key] = row
        return row, True
    new = False
    if name and row.name != name:
        row.sealed, new = seal({"name": name}), True
    if account is not None and row.account_id != account.pk:
        row.account, new = account, True
    if new:
        row.save()
    return row, new


def _check_heads(units: dict[str, Unit], drafts: Sequence[OfficialDraft]) -> None:
    """A unit has one head a day, also in the past: what happened then is put to one person."""
    heads: dict[str, dict[tuple[date, str], date | None]] = {
        one.unit: {} for one in drafts if one.duty == "head"
    }
    rows = Tenure.objects.filter(unit__in=[units[key] for key in heads], duty="head")
    for row in rows.select_related("unit", "official"):
        heads[row.unit.key][row.since, row.official.key] = row.until
    for one in drafts:
        if one.duty == "head":
            heads[one.unit][one.since, one.key] = one.until
    for key, held in heads.items():
        for ((_since, first), until), ((since, then), _until) in pairwise(
            sorted(held.items(), key=lambda of: of[0])
        ):
            if until is None or until > since:
                raise refuse(
                    "two-heads",
                    N_("%(unit)s would have two heads on %(day)s: %(first)s and %(then)s."),
                    unit=units[key].name,
                    day=since.isoformat(),
                    first=first,
                    then=then,
                )
