"""The doors that the ballot door is held against: one that does nothing, and one that writes as Django writes."""

from __future__ import annotations

import asyncio
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any


async def empty(scope: Any, proto: Any) -> None:
    """204 to whatever comes: what the server and the loop alone can do."""
    proto.response_empty(204, [])


class Create:
    """One `Ballot.objects.create` a request, in a transaction of its own, and no log, no count, no check of the code."""

    def __rsgi_init__(self, _loop: asyncio.AbstractEventLoop) -> None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leitai.config.settings")
        import django

        django.setup()
        from django.db import connection

        from leitai.apps.ballots.models import Point

        self.points = list(Point.objects.values_list("pk", "unit_id", "place_id"))
        # SQLite has one writer at a time: more threads only fight for it.
        self.pool = ThreadPoolExecutor(1 if connection.vendor == "sqlite" else 4)

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        if scope.method != "POST":
            proto.response_empty(204, [])
            return
        body = await proto()
        await asyncio.get_running_loop().run_in_executor(self.pool, self._create, body)
        proto.response_empty(204, [])

    def _create(self, body: bytes) -> None:
        from urllib.parse import parse_qs

        from django.db import transaction
        from django.utils import timezone

        from leitai.apps.ballots.models import Ballot
        from leitai.rules.ballots import RECEIPT_BYTES, receipt_code

        form = parse_qs(body.decode())
        grade, once = form["grade"][0], form["once"][0]
        point, unit, place = self.points[hash(once) % len(self.points)]
        with transaction.atomic():
            Ballot.objects.create(
                place_id=place,
                unit_id=unit,
                point_id=point,
                grade=grade,
                bad=grade == "dissatisfied",
                cast_at=timezone.now(),
                receipt=receipt_code(secrets.token_bytes(RECEIPT_BYTES)),
                once=once,
            )


create = Create()
