"""Rows of burden that the database must refuse."""

from __future__ import annotations

from leitai.apps.burden.models import Ask, Excess, Reply
from tests.apps.bad import again, bad, changed
from tests.factories import BY, DAY, NOW, Town


def ask(town: Town) -> Ask:
    return Ask.objects.create(
        place=town.place, title="Boilers", figure="boilers", period="2024-03", basis="Fire law, article 53",
        minutes=30, asked_by=BY, asked_at=NOW, due=NOW + DAY,
    )  # fmt: skip


def reply(town: Town) -> Reply:
    return Reply.objects.create(ask=ask(town), unit=town.units["water"])


def excess(town: Town) -> Excess:
    return Excess.objects.create(
        place=town.place, unit=town.units["water"], month="2024-03", minutes=301, ceiling=300, found_at=NOW
    )


bad(Ask, "ask_once")(lambda t: again(ask(t)))
bad(Ask, "ask_has_basis")(lambda t: changed(ask(t), basis=""))
bad(Ask, "ask_takes_time")(lambda t: changed(ask(t), minutes=0))
bad(Ask, "ask_due_later")(lambda t: changed(ask(t), due=NOW))
bad(Ask, "ask_withdrawn_with_reason")(lambda t: changed(ask(t), withdrawn_at=NOW))
bad(Reply, "ask_reply_once")(lambda t: again(reply(t)))
bad(Reply, "ask_reply_whole")(lambda t: changed(reply(t), at=NOW))
bad(Excess, "excess_once")(lambda t: again(excess(t)))
bad(Excess, "excess_is_above")(lambda t: changed(excess(t), minutes=300))
