"""What a citizen adds to a bad verdict: sealed, bound to the log by a commitment, purged when its purpose ends."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from leitai.apps.ledger import log
from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.rules import ballots as core
from leitai.rules.kernel import N_

from ..keys import seal, seal_bytes
from ..models import Ballot, Words

KEEP_WORDS = timedelta(days=180)
ADD_WORDS = timedelta(hours=1)


@action("ballot.words_added")
def add_words(
    *,
    ballot: Ballot,
    reasons: Sequence[str] = (),
    words: str = "",
    phone: str = "",
    photo: bytes = b"",
    draw: Callable[[int], bytes] = secrets.token_bytes,
    by: str,
    now: datetime,
) -> Ballot:
    """What the citizen adds to a verdict, sealed; once, within the hour. `photo` is a JPEG that was made anew.

    The log gets a leaf with a commitment to it, salted by `draw`; the ledger keeps the same commitment.
    """
    tree = log.lock(ballot.place)
    if Words.objects.filter(ballot=ballot).exists():
        raise refuse("words-once", N_("Something was added to this verdict already."))
    if now - ballot.cast_at > ADD_WORDS:
        raise refuse("words-late", N_("Something can be added to a verdict within an hour of it."))
    kept = [reason for reason in reasons if reason][:10]
    said = {"words": words.strip()[:2000], "phone": phone.strip()[:30]}
    salt = draw(core.SALT_BYTES)
    bound = core.commitment(salt, kept, said["words"], said["phone"], photo)
    Words.objects.create(
        ballot=ballot,
        reasons=kept,
        sealed=seal(said),
        photo=seal_bytes(photo) if photo else None,
        salt=salt,
        commitment=bound,
        keep_until=(now + KEEP_WORDS).date(),
    )
    index = log.grow(tree, [core.words_leaf(ballot.place.key, ballot.receipt, bound)])
    record(
        place=ballot.place,
        kind="ballot.words_added",
        by=by,
        now=now,
        subject=f"ballot:{ballot.pk}",
        data={"commitment": bound, "leaf": index},
    )
    return ballot


@action("ballot.words_purged")
def purge_words(*, place: Any, by: str, now: datetime) -> int:
    """Delete what citizens added once its purpose has ended; the verdicts stay."""
    rows = Words.objects.filter(ballot__place=place, keep_until__lt=now.date())
    count = rows.count()
    if not count:
        return UNCHANGED
    rows.delete()
    record(
        place=place,
        kind="ballot.words_purged",
        by=by,
        now=now,
        subject=f"place:{place.key}",
        data={"count": count},
    )
    return count
