"""The form of a verdict: read by hand, because it has five fields and is read thousands of times a second.

It is `application/x-www-form-urlencoded` in UTF-8, as a browser sends it (WHATWG URL, section 5). A field of which
there are two is its first. What is not valid UTF-8 is refused, not mended.

`at`, where it is sent, is when the phone says the verdict was given, for a phone that kept it while there was no
network. Such a clock is not trusted: the verdict counts from when it arrives. But one in the future, or more than 48
hours back, is a wrong clock or an old form, and who sends it is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import unquote_plus

from leitai.rules.ballots import form_lack
from leitai.rules.kernel import N_, Finding

MOST_BYTES = 16 * 1024
MOST_FIELDS = 20
KEPT, AHEAD = timedelta(hours=48), timedelta(minutes=5)
_BROKEN = Finding(
    "form-broken", N_("What was sent could not be read; nothing of it was kept. Send it again.")
)
_NO_TIME = Finding("time-malformed", N_("The time of the verdict could not be read. Scan the code again."))
_FUTURE = Finding(
    "time-in-the-future",
    N_("The verdict bears a future time. Set the clock of your device right and scan the code again."),
)
_OLD = Finding("time-too-old", N_("The verdict was kept for more than two days. Scan the code again."))


class Form(NamedTuple):
    """What was filled in. `manner`: language and size of type, as the receipt's address is to say them."""

    grade: str
    once: str
    lang: str
    manner: str


def read_form(body: bytes, now: datetime) -> Form | Finding:
    """The form in these bytes, or what is wrong with it.

    Findings: `form-broken`, `form-incomplete`, `time-malformed`, `time-in-the-future`, `time-too-old`.
    """
    try:
        fields = _fields(body.decode())
    except ValueError:
        return _BROKEN
    grade, once, lang = fields.get("grade", ""), fields.get("once", ""), fields.get("lang", "")
    wrong = form_lack(grade, once)
    if wrong is None and "at" in fields:
        wrong = _wrong_time(fields["at"], now)
    if wrong is not None:
        return wrong
    manner = [f"lang={lang}"] if lang in ("zh", "en") else []
    if fields.get("big") == "1":
        manner.append("big=1")
    return Form(grade, once, lang, f"?{'&'.join(manner)}" if manner else "")


def _fields(text: str) -> dict[str, str]:
    """Names and values. Raises ValueError where they are not UTF-8, or too many."""
    found: dict[str, str] = {}
    parts = text.split("&", MOST_FIELDS)
    if len(parts) > MOST_FIELDS:
        raise ValueError("too many fields")
    for part in parts:
        name, _, value = part.partition("=")
        if "%" in part or "+" in part:
            name, value = (unquote_plus(one, errors="strict") for one in (name, value))
        found.setdefault(name, value)
    return found


def _wrong_time(text: str, now: datetime) -> Finding | None:
    """What is wrong with the phone's time, in ISO 8601 with its zone, at `now`."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return _NO_TIME
    if at.tzinfo is None:
        return _NO_TIME
    if at > now + AHEAD:
        return _FUTURE
    return _OLD if at < now - KEPT else None
