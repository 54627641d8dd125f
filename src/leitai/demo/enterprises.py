"""Sample enterprises: a sponsor leader's ledger to look at, and a link to come in by as one of them."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from leitai.apps.people import actions as people_actions
from leitai.apps.people import queries as people
from leitai.rules.kernel import Text

from .script import DemoError, Enterprises


def put_enterprises(place: Any, spec: Enterprises, now: datetime) -> tuple[str, str] | None:
    """Add those that are missing; the first one's key and secret where it was added now: no link is looked up later."""
    sponsor = people.accounts([f"{spec.sponsor}-{place.key}"]).get(f"{spec.sponsor}-{place.key}")
    liaison = people.unit(place, spec.liaison)
    if sponsor is None or liaison is None:
        raise DemoError(f"{place.key}: enterprises need a log-in {spec.sponsor} and a unit {spec.liaison}")
    known = {one.key for one in people.enterprises(place)}
    first = None
    for number in range(1, spec.count + 1):
        key, secret = _key(spec, number), secrets.token_urlsafe(24)
        if key in known:
            continue
        name = Text(zh=f"{spec.name.zh}{number}", en=f"{spec.name.en} {number}")
        people_actions.add_enterprise(
            place=place,
            key=key,
            name_zh=name.zh if spec.name.zh else "",
            name_en=name.en if spec.name.en else "",
            secret=secret,
            liaison=liaison,
            sponsor=sponsor,
            by="demo",
            now=now,
        )
        first = first or ((key, secret) if number == 1 else None)
    return first


def by_turns(place: Any, spec: Enterprises | None, kind: str) -> tuple[Any, ...]:
    """The enterprises that cases of a kind belong to, in the order of their numbers; none for other kinds."""
    if spec is None or kind not in spec.cases:
        return ()
    known = {one.key: one for one in people.enterprises(place)}
    return tuple(known[_key(spec, number)] for number in range(1, spec.count + 1))


def _key(spec: Enterprises, number: int) -> str:
    """e01 to e42, so that they stand in order."""
    return f"e{number:0{len(str(spec.count))}d}"
