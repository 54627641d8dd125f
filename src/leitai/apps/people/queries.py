"""Reading people and units."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from leitai.rules.regime.model import Pick

from .models import Account, ApiKey, Enterprise, Official, Place, Role, Tenure, Unit


def place(key: str) -> Place:
    """The place of this key. Raises Place.DoesNotExist."""
    return Place.objects.get(key=key)


def places() -> list[Place]:
    """All places, in the order they were added."""
    return list(Place.objects.order_by("id"))


def by_number(numbers: Iterable[int]) -> dict[int, Place]:
    """Places by id."""
    return {row.pk: row for row in Place.objects.filter(pk__in=list(numbers))}


def posted_in(account: Any) -> list[Place]:
    """The places in which an account has a post."""
    return list(Place.objects.filter(posts__account=account).distinct().order_by("id"))


def unit(place: Any, key: str) -> Unit | None:
    """A unit by its key."""
    return Unit.objects.filter(place=place, key=key).first()


def units(place: Any, text: str = "") -> QuerySet[Unit]:
    """The active units of a place, by key; those whose name or key holds `text`."""
    found = Unit.objects.filter(place=place, active=True).order_by("key")
    if text:
        found = found.filter(Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(key__icontains=text))
    return found


OFFERED = 20  # units that a box proposes for what was typed
BETWEEN = " · "


def proposed(place: Any, typed: str) -> list[Unit]:
    """The first active units whose name or key holds what was typed into a box, which shows "name · key"."""
    text = typed.strip().rpartition(BETWEEN)[2]
    return list(units(place, text)[:OFFERED]) if text else []


def key_of(place: Any, typed: str) -> str:
    """The key that a box names, or a name that one unit alone has; else what was typed, for the refusal to repeat."""
    text = typed.strip()
    last = text.rpartition(BETWEEN)[2]
    if unit(place, last) is not None:
        return last
    named = units(place).filter(Q(name_zh=text) | Q(name_en=text))[:2]
    return named[0].key if text and len(named) == 1 else text


def picked(place: Any, pick: Pick, among: Iterable[Unit] | None = None) -> list[Unit]:
    """The units that a rule-book's group is made of, by key; of `among`, where active units are at hand."""
    found = Unit.objects.filter(place=place, active=True) if among is None else among
    # Sorted here: databases do not agree on the order of letters, and frozen inputs must.
    rows = sorted(found, key=lambda row: row.key)
    if pick.kind is not None:
        rows = [row for row in rows if row.kind == pick.kind]
    if pick.tag is not None:
        rows = [row for row in rows if pick.tag in row.tags]
    if pick.keys is not None:
        rows = [row for row in rows if row.key in pick.keys]
    if pick.under is not None:
        below = descendants(place)
        top = unit(place, pick.under)
        members = below.get(top.pk, frozenset()) if top else frozenset()
        rows = [row for row in rows if row.pk in members and row.pk != top.pk]
    return rows


def is_picked(unit: Unit, pick: Pick) -> bool:
    """Whether one unit is among those of a rule-book's group, without reading the others."""
    if (pick.kind not in (None, unit.kind)) or (pick.tag is not None and pick.tag not in unit.tags):
        return False
    if pick.keys is not None and unit.key not in pick.keys:
        return False
    if pick.under is None:
        return unit.active
    above = unit.parent
    while above is not None and above.key != pick.under:
        above = above.parent
    return unit.active and above is not None


def descendants(place: Any) -> dict[int, frozenset[int]]:
    """For each unit, itself and all units below it, by id."""
    parents = dict(Unit.objects.filter(place=place).values_list("pk", "parent_id"))
    found: dict[int, set[int]] = {pk: {pk} for pk in parents}
    for pk in parents:
        above, seen = parents[pk], {pk}
        while above is not None and above not in seen:
            found[above].add(pk)
            seen.add(above)
            above = parents.get(above)
    return {pk: frozenset(members) for pk, members in found.items()}


def holders(place: Any, units: Sequence[Unit]) -> dict[int, int]:
    """For each unit of the place, by id, the place in `units` of the nearest one at or above it, where there is one.

    So a record counts once, even where `units` holds both a department and its window.
    """
    parents = dict(Unit.objects.filter(place=place).values_list("pk", "parent_id"))
    index = {unit.pk: number for number, unit in enumerate(units)}
    found: dict[int, int] = {}
    for pk in parents:
        at, seen = pk, set()
        while at is not None and at not in index and at not in seen:
            seen.add(at)
            at = parents.get(at)
        if at in index:
            found[pk] = index[at]
    return found


def keys(place: Any) -> dict[str, int]:
    """Unit ids by key."""
    return dict(Unit.objects.filter(place=place).values_list("key", "pk"))


def keys_by_name(place: Any) -> dict[str, str]:
    """The key of each unit by its key, and by its names where no other unit bears them."""
    rows = list(Unit.objects.filter(place=place).values_list("key", "name_zh", "name_en"))
    names = Counter(name for _key, *both in rows for name in {*both} if name)
    found = {name: key for key, *both in rows for name in both if names[name] == 1}
    return found | {key: key for key, *_both in rows}


def unit_keys(place: Any) -> dict[int, str]:
    """Unit keys by id."""
    return dict(Unit.objects.filter(place=place).values_list("pk", "key"))


def link_digest(secret: str) -> str:
    """What is kept of an enterprise's secret link."""
    return hashlib.sha256(b"leitai/enterprise-link/1\n" + secret.encode()).hexdigest()


def enterprise_by_link(place: Any, key: str, secret: str) -> Enterprise | None:
    """The enterprise whose link this is, or None; takes the same time for a wrong secret as for a right one."""
    row = Enterprise.objects.filter(place=place, key=key).select_related("liaison").first()
    kept = row.link_digest if row else "-" * 64
    return row if hmac.compare_digest(kept, link_digest(secret)) and row else None


def enterprises(place: Any) -> list[Enterprise]:
    """The enterprises of a place with their liaison units and sponsors."""
    rows = Enterprise.objects.filter(place=place).select_related("liaison")
    return list(rows.prefetch_related("sponsorships__leader").order_by("key"))


def enterprise(place: Any, key: str) -> Enterprise | None:
    """An enterprise by its key."""
    return Enterprise.objects.filter(place=place, key=key).select_related("place", "liaison").first()


def sponsored(account: Account, place: Any) -> list[Enterprise]:
    """The enterprises a leader answers for."""
    found = Enterprise.objects.filter(sponsorships__leader=account, place=place)
    return list(found.select_related("liaison").order_by("key"))


def leaders(place: Any) -> list[Account]:
    """Those who hold a leader's post in a place, by name."""
    found = Account.objects.filter(posts__place=place, posts__role=Role.LEADER, is_active=True)
    return list(found.distinct().order_by("full_name", "username"))


def accounts(names: Iterable[str]) -> dict[str, Account]:
    """Accounts by user name."""
    return {row.username: row for row in Account.objects.filter(username__in=list(names))}


def key_digest(secret: str) -> str:
    """What is kept of an API key's secret."""
    return hashlib.sha256(b"leitai/api-key/1\n" + secret.encode()).hexdigest()


def api_key(secret: str) -> ApiKey | None:
    """The key of this secret with its place and unit, or None; also for one that was revoked.

    It is found by a digest of 256 bits, so that how long the search takes says nothing of the secret.
    """
    digest = key_digest(secret)
    row = ApiKey.objects.filter(digest=digest).select_related("place", "unit").first()
    kept = row.digest if row else "-" * 64
    return row if hmac.compare_digest(kept, digest) and row and row.revoked_at is None else None


def api_keys(place: Any) -> list[ApiKey]:
    """The keys of a place by name, with their units; also those that were revoked."""
    return list(ApiKey.objects.filter(place=place).select_related("place", "unit").order_by("name"))


def official(place: Any, key: str) -> Official | None:
    """An official by key."""
    return Official.objects.filter(place=place, key=key).select_related("place", "account").first()


def officials_of(place: Any, account: Any) -> list[Official]:
    """The officials who sign in by an account: one, as a rule; none for nobody in particular."""
    if account is None:
        return []
    return list(Official.objects.filter(place=place, account=account).select_related("place").order_by("key"))


def head_on(unit: Any, day: date) -> Official | None:
    """Who headed a unit on a date; None where the list of officials does not say."""
    rows = Tenure.objects.filter(unit=unit, duty="head", since__lte=day)
    row = rows.filter(Q(until__isnull=True) | Q(until__gt=day)).select_related("official__account").first()
    return row.official if row is not None else None


def tenures(place: Any, officials: Iterable[Any] | None = None) -> list[Tenure]:
    """What officials of a place held and hold, the latest first; of these officials, or of all."""
    rows = Tenure.objects.filter(official__place=place)
    if officials is not None:
        rows = rows.filter(official__in=list(officials))
    return list(rows.select_related("official__account", "unit").order_by("official__key", "-since", "-id"))


def holding(place: Any, officials: Iterable[Any], day: date) -> dict[int, Tenure]:
    """What each of these officials holds on a date, by the official's id: as head before anything else."""
    found: dict[int, Tenure] = {}
    for row in tenures(place, officials):
        holds = row.since <= day and (row.until is None or row.until > day)
        known = found.get(row.official_id)
        if holds and (known is None or (row.duty == "head" and known.duty != "head")):
            found[row.official_id] = row
    return found


def officials_at(unit: Any, day: date) -> list[Official]:
    """The officials who hold a duty at a unit on a date, the head first."""
    rows = Tenure.objects.filter(unit=unit, since__lte=day)
    rows = rows.filter(Q(until__isnull=True) | Q(until__gt=day)).select_related("official__account")
    held = sorted(rows, key=lambda row: (Tenure.DUTIES.index(row.duty), row.official.key))
    return list({row.official_id: row.official for row in held}.values())


def posts_of(place: Any, username: str) -> list[Any]:
    """The posts in a place of an account by user name; none where there is no such active account."""
    rows = Account.objects.filter(username=username, is_active=True)[:1]
    return [post for row in rows for post in row.posts.filter(place=place).select_related("account", "unit")]
