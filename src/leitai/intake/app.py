"""The ballot door as an RSGI application: a signed code, a grade, a receipt, and nothing else.

It answers 303 (or JSON, where that is asked for) only when the ballot is on the disk. A phone that got no
answer sends the same form again: its key makes the second the same ballot as the first.

    granian --interface rsgi --workers 1 leitai.intake.app:app

LEITAI_WEB_URL   where the pages answer, if not at this same address (such as https://leitai.example.org)
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leitai.config.settings")
django.setup()

from django.utils import translation  # noqa: E402

from leitai.apps.ledger.errors import tell  # noqa: E402
from leitai.rules.kernel import N_, Finding  # noqa: E402

from .ballots import Slip, check, write  # noqa: E402
from .writer import Busy, Writer  # noqa: E402

MOST_BYTES = 16 * 1024
MOST_SECONDS = 10.0  # for the whole of a form, once its head has come
RETRY_SECONDS = 2
WEB = os.environ.get("LEITAI_WEB_URL", "").rstrip("/")
_ONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_GRADE = re.compile(r"[a-z][a-z-]{0,29}")
# What a refusal is in HTTP; what is not named here is 422: understood, and not possible.
_STATUS = {
    "too-long": 413,
    "too-slow": 408,
    "not-a-form": 415,
    "form-incomplete": 400,
    "code-malformed": 404,
    "code-unknown-key": 404,
    "code-wrong-signature": 404,
    "code-unknown": 404,
    "code-retired": 410,
    "busy": 503,
    "not-written": 503,
}
_PLAIN = [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")]
_JSON = [("content-type", "application/json"), ("cache-control", "no-store")]
log = logging.getLogger("leitai.intake")


@dataclass(frozen=True)
class Answer:
    """A status, headers beyond the usual, and a body in words or as JSON."""

    status: int
    body: dict[str, Any]
    headers: tuple[tuple[str, str], ...] = ()


class App:
    """One process of the door: a loop that reads requests, a thread that writes ballots."""

    writer: Writer[Slip, str | Finding]

    def __rsgi_init__(self, _loop: asyncio.AbstractEventLoop) -> None:
        self.writer = Writer(write)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        self.writer.close()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        if scope.proto != "http":
            return
        if scope.path == "/healthz":
            healthy = json.dumps({"ok": True, "waiting": self.writer.waiting})
            proto.response_str(200, _JSON, healthy)
            return
        room, _slash, code = scope.path.removeprefix("/").partition("/")
        if room != "b" or not code or "/" in code:
            proto.response_str(404, _PLAIN, "not found\n")
        elif scope.method == "POST":
            await self._post(scope, proto, code)
        elif scope.method in ("GET", "HEAD") and WEB:
            query = f"?{scope.query_string}" if scope.query_string else ""
            proto.response_empty(307, [("location", f"{WEB}/b/{quote(code, safe='')}{query}")])
        else:
            proto.response_empty(405, [("allow", "GET, POST" if WEB else "POST")])

    async def _post(self, scope: Any, proto: Any, code: str) -> None:
        form = await _form(scope, proto)
        language = "en" if isinstance(form, dict) and form.get("lang") == "en" else "zh-hans"
        outcome = form if isinstance(form, Finding) else await self._cast(code, form)
        as_json = "application/json" in (scope.headers.get("accept") or "")
        if isinstance(outcome, Finding):
            with translation.override(language):
                words = tell(outcome)
            status = _STATUS.get(outcome.code, 422)
            headers = [*(_JSON if as_json else _PLAIN)]
            if status == 503:
                headers.append(("retry-after", str(RETRY_SECONDS)))
            body = (
                json.dumps({"code": outcome.code, "error": words}, ensure_ascii=False)
                if as_json
                else f"{words}\n"
            )
            proto.response_str(status, headers, body)
        elif as_json:
            proto.response_str(
                201, _JSON, json.dumps({"receipt": outcome, "url": _receipt_url(outcome, form)})
            )
        else:
            proto.response_empty(
                303, [("location", _receipt_url(outcome, form)), ("cache-control", "no-store")]
            )

    async def _cast(self, code: str, form: dict[str, str]) -> str | Finding:
        """The receipt once the ballot is on the disk, or why there is none."""
        grade, once = form.get("grade", ""), form.get("once", "")
        if not (_GRADE.fullmatch(grade) and _ONCE.fullmatch(once)):
            return Finding("form-incomplete", N_("The form lacks its grade or its key. Scan the code again."))
        slip = check(code, grade, once)
        if isinstance(slip, Finding):
            return slip
        try:
            return await asyncio.wrap_future(self.writer.submit(slip))
        except Busy:
            return Finding(
                "busy", N_("Very many people are answering at this moment. Try again in a few seconds.")
            )
        except Exception:  # noqa: BLE001  the writer has logged it; the citizen must know that nothing was kept
            return Finding(
                "not-written", N_("Your verdict could not be kept just now. Try again in a few seconds.")
            )


async def _form(scope: Any, proto: Any) -> dict[str, str] | Finding:
    """The fields of a form no longer than it may be; the first value of each."""
    kind = (scope.headers.get("content-type") or "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return Finding("not-a-form", N_("A verdict is sent as a form."))
    too_long = Finding("too-long", N_("A verdict is shorter than this."))
    length = scope.headers.get("content-length") or "0"
    if not length.isdigit() or int(length) > MOST_BYTES:
        return too_long
    body = bytearray()
    try:
        async with asyncio.timeout(MOST_SECONDS):
            async for chunk in proto:
                body += chunk
                if len(body) > MOST_BYTES:
                    return too_long
    except TimeoutError:  # a thousand forms sent a letter at a time would keep the door shut to everyone else
        return Finding("too-slow", N_("The form lacks its grade or its key. Scan the code again."))
    try:
        fields = parse_qs(body.decode(), max_num_fields=20)
    except ValueError:
        return Finding("form-incomplete", N_("The form lacks its grade or its key. Scan the code again."))
    return {name: values[0] for name, values in fields.items()}


def _receipt_url(receipt: str, form: dict[str, str]) -> str:
    """Where the receipt is shown, in the language and size of type of the form."""
    allowed = {"lang": ("zh", "en"), "big": ("1",)}
    manner = {name: form[name] for name, values in allowed.items() if form.get(name) in values}
    return f"{WEB}/r/{receipt}" + (f"?{urlencode(manner)}" if manner else "")


app = App()
