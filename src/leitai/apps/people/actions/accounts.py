"""Writing places, units, accounts, posts, enterprises and keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from leitai.apps.ledger.actions import UNCHANGED, action, nothing_new, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_

from ..models import Account, ApiKey, Enterprise, Place, Post, Role, Sponsorship, Unit
from ..queries import key_digest, link_digest

# What a key of another system may be for.
SCOPES = (
    "ballots:import",
    "cases:hook",
    "cases:open",
    "cases:read",
    "merits:decide",
    "merits:read",
    "merits:reply",
    "open311:post",
    "projects:read",
    "projects:report",
    "readings:report",
    "services:upload",
    "tickets:issue",
)
LEAST_SECRET = 32  # letters of a key's secret
LONGEST_KEY_NAME = 60


@dataclass(frozen=True)
class UnitDraft:
    """A unit to be added or brought up to date, by its key."""

    key: str
    name_zh: str = ""
    name_en: str = ""
    parent: str = ""
    kind: str = ""
    tags: tuple[str, ...] = ()


@action("place.added")
def add_place(
    *,
    key: str,
    name_zh: str,
    name_en: str,
    timezone: str,
    language: str = "zh-hans",
    sample: bool = False,
    lag: timedelta = timedelta(0),
    by: str,
    now: datetime,
) -> Place:
    """A new place. Its events begin with this one."""
    if Place.objects.filter(key=key).exists():
        raise refuse("place-exists", N_("There is already a place %(key)s."), key=key)
    place = Place.objects.create(
        key=key,
        name_zh=name_zh,
        name_en=name_en,
        timezone=timezone,
        language=language,
        sample=sample,
        lag=lag,
    )
    record(place=place, kind="place.added", by=by, now=now, subject=f"place:{key}", data={"sample": sample})
    return place


@action("units.changed")
def put_units(*, place: Any, drafts: Sequence[UnitDraft], by: str, now: datetime) -> dict[str, int]:
    """Add units, or bring them up to date, in one act; parents may come in any order. Returns counts."""
    known = {row.key: row for row in Unit.objects.filter(place=place)}
    fresh, changed = [], []
    for draft in drafts:
        row = known.get(draft.key)
        values = {
            "name_zh": draft.name_zh,
            "name_en": draft.name_en,
            "kind": draft.kind,
            "tags": list(draft.tags),
        }
        if row is None:
            known[draft.key] = row = Unit(place=place, key=draft.key, **values)
            fresh.append(row)
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    Unit.objects.bulk_create(fresh, batch_size=1000)
    Unit.objects.bulk_update(changed, ["name_zh", "name_en", "kind", "tags"], batch_size=500)
    moved = []
    for draft in drafts:
        if draft.parent and draft.parent not in known:
            raise refuse(
                "unknown-parent",
                N_("Unit %(key)s names %(parent)s as the unit above it, which does not exist."),
                key=draft.key,
                parent=draft.parent,
            )
        row, parent = known[draft.key], known.get(draft.parent)
        if row.parent_id != (parent.pk if parent else None):
            row.parent = parent
            moved.append(row)
    _check_tree(known.values())
    Unit.objects.bulk_update(moved, ["parent"], batch_size=500)
    if not (fresh or changed or moved):
        return UNCHANGED
    counts = {"added": len(fresh), "changed": len(changed), "moved": len(moved)}
    record(
        place=place,
        kind="units.changed",
        by=by,
        now=now,
        subject=f"place:{place.key}",
        data=counts | {"keys": sorted({row.key for row in (*fresh, *changed, *moved)})[:200]},
    )
    return counts


def _check_tree(rows: Any) -> None:
    """A unit is not below itself."""
    above = {row.pk: (row.parent_id, row.key) for row in rows}
    for start in above:
        seen, at = set(), start
        while at is not None:
            if at in seen:
                raise refuse("unit-cycle", N_("Unit %(key)s would stand below itself."), key=above[start][1])
            seen.add(at)
            at = above[at][0] if at in above else None


@action("post.given")
def appoint(
    *,
    place: Any,
    username: str,
    role: str,
    unit: Unit | None = None,
    full_name: str = "",
    password: str | None = None,
    by: str,
    now: datetime,
) -> Post:
    """Give someone a post, with an account where they have none. The password is set only on a new account.

    The same post twice changes nothing.
    """
    if role not in Role.values:
        raise refuse("unknown-role", N_("There is no role %(role)s."), role=role)
    if role == Role.CLERK and unit is None:
        raise refuse("clerk-needs-unit", N_("A clerk's post needs a unit."))
    if password is not None and not Account.objects.filter(username=username).exists():
        _check_password(password, username)
    account, new = Account.objects.get_or_create(username=username, defaults={"full_name": full_name})
    if new:
        account.set_password(password)
        account.save()
    if role == Role.ADMINISTRATOR and not account.is_staff:  # the sign-in of the administration asks for it
        account.is_staff = True
        account.save()
    post, given = Post.objects.get_or_create(account=account, place=place, role=role, unit=unit)
    if not given:
        nothing_new()
        return post
    record(
        place=place,
        kind="post.given",
        by=by,
        now=now,
        subject=f"account:{username}",
        data={"role": role, "unit": unit.key if unit else None},
    )
    return post


@action("post.taken")
def dismiss(*, post: Post, by: str, now: datetime) -> None:
    """Take a post away; what was done from it stays in the ledger."""
    record(
        place=post.place,
        kind="post.taken",
        by=by,
        now=now,
        subject=f"account:{post.account.username}",
        data={"role": post.role, "unit": post.unit.key if post.unit else None},
    )
    post.delete()
    if post.role == Role.ADMINISTRATOR and not post.account.posts.filter(role=Role.ADMINISTRATOR).exists():
        post.account.is_staff = False
        post.account.save()


def _check_password(password: str, username: str) -> None:
    """Raises Refused for a password that is too short, too common or the name itself."""
    try:
        validate_password(password, Account(username=username))
    except ValidationError as fault:
        why = " ".join(fault.messages)
        raise refuse("weak-password", N_("This password is too weak: %(why)s"), why=why) from None


@action("account.password_set")
def set_password(*, account: Account, password: str, by: str, now: datetime) -> Account:
    """Change a password; every session opened with the old one ends. Told in each place where they hold a post.

    `now` is the clock's; each event bears its place's own present. Raises Refused for an account without a post.
    """
    places = Place.objects.filter(posts__account=account).distinct().order_by("id")
    if not places:
        raise refuse("no-post", N_("%(name)s holds no post: give one first."), name=account.username)
    account.set_password(password)
    account.save()
    for place in places:
        record(
            place=place,
            kind="account.password_set",
            by=by,
            now=place.now(now),
            subject=f"account:{account.username}",
        )
    return account


@action("unit.closed", "unit.reopened")
def set_active(*, unit: Unit, active: bool, by: str, now: datetime) -> Unit:
    """Take a unit off the lists and out of its groups, or bring it back; what it did and holds stays its own."""
    if unit.active == active:
        return UNCHANGED
    unit.active = active
    unit.save()
    record(
        place=unit.place,
        kind="unit.reopened" if active else "unit.closed",
        by=by,
        now=now,
        subject=f"unit:{unit.key}",
    )
    return unit


@action("enterprise.added")
def add_enterprise(
    *,
    place: Any,
    key: str,
    name_zh: str,
    name_en: str,
    secret: str,
    liaison: Unit | None = None,
    sponsor: Account | None = None,
    by: str,
    now: datetime,
) -> Enterprise:
    """An enterprise with its secret link, its liaison unit and the leader who answers for it.

    Raises Refused for a key that is taken, a missing name, or a sponsor who is no leader in the place.
    """
    if Enterprise.objects.filter(place=place, key=key).exists():
        raise refuse("enterprise-exists", N_("There is already an enterprise %(key)s."), key=key)
    if not (name_zh or name_en):
        raise refuse("enterprise-no-name", N_("An enterprise needs a name."))
    if sponsor is not None and not sponsor.posts.filter(place=place, role=Role.LEADER).exists():
        raise refuse("sponsor-no-leader", N_("%(name)s holds no leader's post here."), name=str(sponsor))
    row = Enterprise.objects.create(
        place=place,
        key=key,
        name_zh=name_zh,
        name_en=name_en,
        liaison=liaison,
        link_digest=link_digest(secret),
    )
    if sponsor is not None:
        Sponsorship.objects.create(enterprise=row, leader=sponsor)
    record(
        place=place,
        kind="enterprise.added",
        by=by,
        now=now,
        subject=f"enterprise:{key}",
        data={
            "liaison": liaison.key if liaison else None,
            "sponsor": sponsor.username if sponsor else None,
        },
    )
    return row


@action("enterprise.link_renewed")
def renew_link(*, enterprise: Enterprise, secret: str, by: str, now: datetime) -> Enterprise:
    """Give an enterprise a new secret link; the old one ends at once."""
    enterprise.link_digest = link_digest(secret)
    enterprise.save()
    record(
        place=enterprise.place,
        kind="enterprise.link_renewed",
        by=by,
        now=now,
        subject=f"enterprise:{enterprise.key}",
    )
    return enterprise


@action("key.added")
def add_api_key(
    *,
    place: Any,
    name: str,
    scopes: Sequence[str],
    secret: str,
    unit: Unit | None = None,
    by: str,
    now: datetime,
) -> ApiKey:
    """A key that another system comes in by, for some of `SCOPES`, over the place or one unit and those below it.

    Only a digest of `secret` is kept: show it now or never. Raises Refused for a name that is taken, also by a key
    that was revoked, because the ledger names keys by it; ValueError for a secret that could be guessed.
    """
    if len(secret) < LEAST_SECRET:
        raise ValueError(f"a key's secret has at least {LEAST_SECRET} letters")
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_KEY_NAME or not name.isprintable():
        raise refuse(
            "key-name", N_("A key has a name of at most %(most)s letters."), most=str(LONGEST_KEY_NAME)
        )
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise refuse(
            "unknown-scope",
            N_("A key is for one or more of %(known)s, not for %(unknown)s."),
            known=", ".join(SCOPES),
            unknown=", ".join(unknown) or "-",
        )
    if unit is not None and "ballots:import" in scopes:
        raise refuse(
            "not-for-a-unit",
            N_("A unit's own system does not bring in verdicts on that unit: give such a key none."),
        )
    if ApiKey.objects.filter(place=place, name=name).exists():
        raise refuse("key-exists", N_("There is already a key %(name)s."), name=name)
    row = ApiKey.objects.create(
        place=place,
        name=name,
        digest=key_digest(secret),
        scopes=sorted(set(scopes)),
        unit=unit,
        created_at=now,
    )
    record(
        place=place,
        kind="key.added",
        by=by,
        now=now,
        subject=f"key:{name}",
        data={"scopes": row.scopes, "unit": unit.key if unit else None},
    )
    return row


@action("key.revoked")
def revoke_api_key(*, key: ApiKey, by: str, now: datetime) -> ApiKey:
    """End a key: whoever comes with it from now on is refused."""
    if key.revoked_at is not None:
        return UNCHANGED
    key.revoked_at = now
    key.save()
    record(place=key.place, kind="key.revoked", by=by, now=now, subject=f"key:{key.name}")
    return key
