"""The doors that the ballot door is held against: one does nothing, one keeps nothing, one does as the ORM does."""

from __future__ import annotations

import asyncio
import os
import secrets
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leitai.config.settings")


async def empty(_scope: Any, proto: Any) -> None:
    """204 to whatever comes, unread: what the server alone can do."""
    proto.response_empty(204, [])


def forgetful() -> Any:
    """The ballot door itself, but what it writes to keeps nothing: what reading, checking and waiting cost."""
    from leitai.intake import app

    class Nothing:
        def write(self, items: list[Any]) -> list[str]:
            return ["0000-0000-0000-0000-0"] * len(items)

    app.Desk = Nothing
    return app.App()


class Create:
    """One `Ballot.objects.create` a request, as plain code does it: in a thread, in a transaction of its own.

    No log, no count, no event, no check of the code.
    """

    def __rsgi_init__(self, _loop: asyncio.AbstractEventLoop) -> None:
        import django

        django.setup()
        from leitai.apps.ballots.models import Point

        self.points = list(Point.objects.values_list("pk", "unit_id", "place_id"))

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        if scope.method == "POST":
            await asyncio.to_thread(self.create, await proto())
        proto.response_empty(204, [])

    def create(self, body: bytes) -> None:
        from django.db import transaction

        from leitai.apps.ballots.models import Ballot
        from leitai.rules.ballots import RECEIPT_BYTES, receipt_code

        form = parse_qs(body.decode())
        grade, once = form["grade"][0], form["once"][0]
        point, unit, place = secrets.choice(self.points)
        with transaction.atomic():
            Ballot.objects.create(
                place_id=place,
                unit_id=unit,
                point_id=point,
                grade=grade,
                bad=grade == "dissatisfied",
                cast_at=datetime.now(UTC),
                receipt=receipt_code(secrets.token_bytes(RECEIPT_BYTES)),
                once=once,
            )


create = Create()
