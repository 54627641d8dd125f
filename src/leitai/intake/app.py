"""The ballot door as an RSGI application: a signed code, a grade, a receipt; and the stream that walls listen to.

It answers 303 (or JSON, where that is asked for) only when the ballot is on the disk. A phone that got no
answer sends the same form again: its key makes the second the same ballot as the first.

    granian --interface rsgi --workers 1 leitai.intake.app:app

LEITAI_WEB_URL         where the pages answer, if not at this same address (such as https://leitai.example.org)
LEITAI_TRUSTED_PROXY   how many proxies stand before the door, whose X-Forwarded-For is believed (default: 0)
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import django
from granian.rsgi import ProtocolClosed

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leitai.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.utils import translation  # noqa: E402

from leitai.apps.ballots.origin import address_of  # noqa: E402
from leitai.apps.ledger.errors import tell  # noqa: E402
from leitai.rules.kernel import N_, Finding  # noqa: E402

from .ballots import Desk, Slip, Strays, check  # noqa: E402
from .forms import MOST_BYTES, Form, read_form  # noqa: E402
from .walls import Walls  # noqa: E402
from .writer import Busy, Writer  # noqa: E402

MOST_DRAINED = 32 * 1024 * 1024  # of a form that is too long: who sends it gets an answer, not a broken line
MOST_SECONDS = 10.0  # for the whole of a form, once its head has come
RETRY_SECONDS = 2
WEB = os.environ.get("LEITAI_WEB_URL", "").rstrip("/")
PROXIES = settings.TRUSTED_PROXY
STRAYS, STRAYS_EVERY = 20, 1.0  # refused codes that are told at once, and how often, in seconds
# What a refusal is in HTTP; what is not named here is 422: understood, and not possible.
_STATUS = {
    "form-broken": 400,
    "form-incomplete": 400,
    "code-malformed": 404,
    "code-unknown-key": 404,
    "code-wrong-signature": 404,
    "code-unknown": 404,
    "ticket-unknown": 404,
    "too-slow": 408,
    "once-other": 409,
    "ticket-used": 409,
    "code-retired": 410,
    "ticket-expired": 410,
    "too-long": 413,
    "not-a-form": 415,
    "busy": 503,
    "not-written": 503,
}
_NO_STORE = ("cache-control", "no-store")
_PLAIN = [("content-type", "text/plain; charset=utf-8"), _NO_STORE]
# The page's script may read the answer though the door has another address than the page.
_READABLE = (
    [("access-control-allow-origin", WEB), ("access-control-expose-headers", "retry-after")] if WEB else []
)
_JSON = [("content-type", "application/json"), _NO_STORE, *_READABLE]
_TOO_LONG = Finding("too-long", N_("What was sent is too long; nothing of it was kept."))
_TOO_SLOW = Finding("too-slow", N_("The form came too slowly. Scan the code again."))
_NOT_A_FORM = Finding("not-a-form", N_("A verdict is sent as a form."))
_BUSY = Finding("busy", N_("Very many people are answering at this moment. Try again in a few seconds."))
_NOT_WRITTEN = Finding(
    "not-written", N_("Your verdict could not be kept just now. Try again in a few seconds.")
)
log = logging.getLogger("leitai.intake")


class App:
    """One process of the door: a loop that reads requests, a thread that writes ballots."""

    writer: Writer[Slip | Strays, str | Finding | None]

    def __init__(self) -> None:
        self._strays: list[str] = []
        self._reading: dict[asyncio.Task[None], float] = {}  # since when, the oldest first

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.writer = Writer(Desk().write, loop)
        self.walls = Walls()
        loop.call_later(1.0, self._hurry)
        # What is there now stays: looking through it for garbage again and again costs a tenth of the time.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        self.walls.close()
        self.writer.close()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        if scope.proto != "http":
            return
        path, method = scope.path, scope.method
        code = path[3:] if path.startswith("/b/") else ""
        if code and "/" not in code:
            if method == "POST":
                await self._post(scope, proto, code)
            elif method in ("GET", "HEAD") and WEB:
                query = f"?{scope.query_string}" if scope.query_string else ""
                proto.response_empty(307, [("location", f"{WEB}/b/{quote(code, safe='')}{query}")])
            else:
                proto.response_empty(405, [("allow", "GET, POST" if WEB else "POST")])
        elif path.startswith("/wall/") and method == "GET":
            await self.walls.serve(scope, proto, path[6:], WEB)
        elif path == "/healthz":
            healthy = json.dumps({"ok": True, "waiting": self.writer.waiting, "screens": self.walls.screens})
            proto.response_str(200, _JSON, healthy)
        else:
            proto.response_str(404, _PLAIN, "not found\n")

    async def _post(self, scope: Any, proto: Any, code: str) -> None:
        headers = scope.headers
        form = await self._form(headers, proto)
        outcome = form if isinstance(form, Finding) else await self._cast(scope, headers, code, form)
        if isinstance(outcome, Finding):
            if outcome.code.startswith("code-"):
                self._stray(code)
            _refuse(proto, headers, outcome, "" if isinstance(form, Finding) else form.lang)
            return
        url = f"{WEB}/r/{outcome}{form.manner}"
        if "application/json" in (headers.get("accept") or ""):
            proto.response_str(201, _JSON, json.dumps({"receipt": outcome, "url": url}))
        else:
            proto.response_empty(303, [("location", url), _NO_STORE])

    async def _form(self, headers: Any, proto: Any) -> Form | Finding:
        """What was filled in, or why it cannot be taken."""
        kind = headers.get("content-type") or ""
        if not kind.lower().startswith("application/x-www-form-urlencoded"):
            return _NOT_A_FORM
        length = headers.get("content-length") or ""
        task = asyncio.current_task()
        self._reading[task] = self._loop.time()
        try:
            small = length.isdigit() and int(length) <= MOST_BYTES
            body = await proto() if small else await _long(proto)
        except (asyncio.CancelledError, ProtocolClosed):  # by `_hurry`; or there is nobody to answer
            return _TOO_SLOW
        finally:
            del self._reading[task]
        return _TOO_LONG if body is None else read_form(body, datetime.now(UTC))

    def _hurry(self) -> None:
        """A thousand forms sent a letter at a time would keep the door shut to everyone else."""
        self._loop.call_later(1.0, self._hurry)
        late = self._loop.time() - MOST_SECONDS
        for task, since in self._reading.items():
            if since > late:
                break
            task.cancel()

    async def _cast(self, scope: Any, headers: Any, code: str, form: Form) -> str | Finding:
        """The receipt once the ballot is on the disk, or why there is none."""
        forwarded = ",".join(headers.get_all("x-forwarded-for")) if PROXIES else ""
        address = address_of(scope.client, forwarded, PROXIES)
        slip = check(code, form.grade, form.once, address, headers.get("user-agent") or "")
        if isinstance(slip, Finding):
            return slip
        try:
            return await self.writer.submit(slip) or _NOT_WRITTEN
        except Busy:
            return _BUSY
        except Exception:  # noqa: BLE001  the writer has logged it; the citizen must know that nothing was kept
            return _NOT_WRITTEN

    def _stray(self, code: str) -> None:
        """A refused code is told to the house in a moment, out of the way of who waits for an answer."""
        if not self._strays:
            self._loop.call_later(STRAYS_EVERY, self._tell_strays)
        if len(self._strays) < STRAYS:
            self._strays.append(code)

    def _tell_strays(self) -> None:
        told, self._strays = Strays(tuple(self._strays)), []
        try:
            self.writer.submit(told).add_done_callback(asyncio.Future.exception)  # nobody waits for it
        except Busy:
            log.info("%d refused codes were not noted: too much to do", len(told.codes))


async def _long(proto: Any) -> bytes | None:
    """What was sent without saying how much it is, or None where it is too long: read to its end, and not kept."""
    body, size = bytearray(), 0
    async for chunk in proto:
        size += len(chunk)
        if size <= MOST_BYTES:
            body += chunk
        elif size > MOST_DRAINED:
            break
    return bytes(body) if size <= MOST_BYTES else None


def _refuse(proto: Any, headers: Any, finding: Finding, lang: str) -> None:
    """Say why not, in words or as JSON."""
    with translation.override("en" if lang == "en" else "zh-hans"):
        words = tell(finding)
    status = _STATUS.get(finding.code, 422)
    again = [("retry-after", str(RETRY_SECONDS))] if status == 503 else []
    if "application/json" in (headers.get("accept") or ""):
        body = json.dumps({"code": finding.code, "error": words}, ensure_ascii=False)
        proto.response_str(status, [*_JSON, *again], body)
    else:
        proto.response_str(status, [*_PLAIN, *again], f"{words}\n")


app = App()
