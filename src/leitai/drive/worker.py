"""The worker's loop: every place in turn, until told to stop. The only clock it reads is read here."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from leitai.apps.people import queries as people
from leitai.notify import Sender
from leitai.notify.http import read_reach

from .courier import Courier, forget
from .daily import Daily, Excess, Job, screen_yesterday
from .engine import housekeeping, run
from .invitations import send_due
from .projects import judge_projects

log = logging.getLogger(__name__)

PAUSE = 0.5
HOUSEKEEPING = timedelta(minutes=1)


def daily_jobs() -> list[Job]:
    """What a worker does for each place after its midnight, whoever runs it."""
    return [screen_yesterday, forget, Excess(), judge_projects]


def work(
    stop: threading.Event | None = None, *, sender: Sender | None = None, jobs: Sequence[Job] = ()
) -> None:
    """Run until `stop` is set, or until SIGINT or SIGTERM where none is given."""
    stop = stop or _until_signal()
    kept: dict[int, Any] = {}
    daily = Daily([*daily_jobs(), *jobs])
    courier = Courier(sender, read_reach(settings.MESSAGE_HOSTS))
    while not stop.is_set():
        busy = False
        close_old_connections()
        for place in people.places():
            clock = timezone.now()
            now = place.now(clock)
            try:
                if place.pk not in kept or clock - kept[place.pk] >= HOUSEKEEPING:
                    housekeeping(place, now=now)
                    kept[place.pk] = clock
                    send_due(place, sender, now=now)
                    daily.work(place, now=now)
                courier.send(place, now=now)
                busy = bool(run(place, now=now)) or busy
            except Exception:
                # A database that is away comes back; what was not committed is done again.
                log.exception("the drive of %s", place.key)
        if not busy:
            stop.wait(PAUSE)
    courier.close()


def _until_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
