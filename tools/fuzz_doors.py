"""The doors without an OpenAPI document, or that ask for a signature: GeoReport and webhooks, sent the unexpected.

Each request is drawn from a seed: known words, wrong ones, and letters of every sort in every field. Wrong is an answer
that is none of those that GeoReport knows, or not in the format that was asked for; and any of 500 or above.
"""

from __future__ import annotations

import http.client
import json
import random
import time
import urllib.parse
from collections import Counter
from contextlib import suppress
from typing import Any
from xml.etree import ElementTree as ET

STATUSES = {200, 201, 400, 401, 403, 404, 405, 413, 415, 422}
STRANGE = (
    "", " ", "0", "-1", "1e999", "nan", "null", "true", "[]", "{}", "'", '"', "<b>", "&amp;", "]]>", "%00", "\x00",
    "\x0b", "\ufffe", "\u202e", "坑", "🕳", "a" * 300, "9" * 30, "../..", "%s", "{0}", "2024-02-30T00:00:00Z",
    "2024-01-01T00:00:00+08:00", "2024-01-01", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", ",,,", "a,b,c",
)  # fmt: skip
PATHS = ("services", "services/{}", "requests", "requests/{}", "tokens/{}", "discovery", "{}")
ASKED = ("service_request_id", "service_code", "start_date", "end_date", "status", "page", "page_size")
POSTED = (
    "lat", "long", "address_string", "address_id", "description", "email", "phone", "first_name", "last_name",
    "media_url", "device_id", "account_id", "attribute[depth]", "attribute[depth][]", "attribute[width]", "attribute[]",
    "attribute[a[b]]",
)  # fmt: skip
KNOWN: dict[str, tuple[str, ...]] = {
    "jurisdiction_id": ("town", "town", "town", "vale"),
    "service_code": ("hole", "hole", "finding", "question"),
    "status": ("open", "closed", "open,closed"),
    "lat": ("36.5", "-90"),
    "long": ("118.5", "180"),
    "attribute[depth]": ("deep", "shallow"),
    "attribute[width]": ("40",),
    "page": ("1", "2"),
    "page_size": ("1", "10"),
    "description": ("A hole\nin the road",),
}


def tried(address: str, secret: str, key: str, signs: str, seconds: float, seed: int) -> list[str]:
    """What was wrong in so many seconds of requests; `key` is the name of one that signs with the secret `signs`."""
    draw, end, statuses, wrong = random.Random(seed), time.monotonic() + seconds, Counter[int](), []
    while time.monotonic() < end and len(wrong) < 20:
        for fault, status in (civic(draw, address, secret), hook(draw, address, key, signs)):
            statuses[status] += 1
            wrong += [fault] if fault else []
    said = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
    print(f"fuzz: {sum(statuses.values()):,} answers of GeoReport and webhooks with seed {seed} ({said})")
    return wrong


def word(draw: random.Random, name: str = "") -> str:
    """A value for a field: a known one half of the time, else something strange, or letters of any sort."""
    if name in KNOWN and draw.random() < 0.7:
        return draw.choice(KNOWN[name])
    if draw.random() < 0.6:
        return draw.choice(STRANGE)
    letters = (draw.randrange(0x20, 0x2FFFF) for _ in range(draw.randrange(1, 40)))
    return "".join(chr(one) for one in letters if not 0xD800 <= one < 0xE000)


def civic(draw: random.Random, address: str, secret: str) -> tuple[str, int]:
    """One request of an app: what is wrong with its answer, and its status."""
    form = draw.choice(("json", "xml"))
    path = draw.choice(PATHS).format(urllib.parse.quote(word(draw, "service_code") or "x", safe=""))
    names = [
        name
        for name in ("jurisdiction_id", *ASKED)
        if draw.random() < (0.9 if name.startswith("j") else 0.25)
    ]
    query = urllib.parse.urlencode([(name, word(draw, name)) for name in names])
    target = f"/api/open311/v2/{path}.{form}?{query}"
    if draw.random() < 0.5:
        return judged(send(address, "GET", target), target, form)
    fields = {"api_key": secret if draw.random() < 0.95 else word(draw)}
    for name in ("jurisdiction_id", "service_code", *POSTED):
        if draw.random() < (0.95 if name in KNOWN else 0.4):
            fields[name] = word(draw, name)
    body = urllib.parse.urlencode(fields).encode()
    kind = "application/x-www-form-urlencoded"
    if draw.random() < 0.1:
        body, kind = (
            body[: draw.randrange(len(body))],
            draw.choice((kind, "multipart/form-data; boundary=x", "text/xml")),
        )
    headers = {
        "Content-Type": kind,
        "Idempotency-Key": word(draw).encode().decode("latin-1").replace("\n", ""),
    }
    headers["Idempotency-Key"] = "".join(one for one in headers["Idempotency-Key"] if one >= " ")
    target = f"/api/open311/v2/requests.{form}"
    return judged(send(address, "POST", target, body, headers), target, form)


def hook(draw: random.Random, address: str, key: str, signs: str) -> tuple[str, int]:
    """One message of another system, mostly signed as it should be."""
    from leitai.api import webhook

    record: Any = {"kind": word(draw, "service_code"), "title": word(draw), "text": word(draw)}
    nested = draw.choice(
        (record, [record], {"a": {"b": [record, word(draw), 1.5, None, True]}}, word(draw), 7)
    )
    ways = (
        {"kind": "hole", "title": draw.choice(("/a/b/0/title", "/a", "/0/title", word(draw)))}
        if draw.random() < 0.5
        else {}
    )
    ways |= {word(draw): word(draw)} if draw.random() < 0.1 else {}
    ways |= {
        name: word(draw) for name in ("latitude", "form.depth", "reporter.mail", "due") if draw.random() < 0.2
    }
    body = json.dumps(nested if ways or draw.random() < 0.3 else record).encode()
    number, seconds = f"msg_{draw.randrange(1000)}", str(int(time.time()) - draw.choice((0, 0, 0, 299, 400)))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": number,
        "webhook-timestamp": seconds,
        "webhook-signature": webhook.signature(signs, number, seconds, body)
        if draw.random() < 0.95
        else "v1,",
    }
    target = f"/api/v1/town/hooks/cases?{urllib.parse.urlencode({'key': key} | ways)}"
    return judged(send(address, "POST", target, body, headers), target, "json")


def send(
    address: str, method: str, target: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, str, bytes]:
    """Status, media type and body of an answer; 0 for none."""
    talk = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc, timeout=30)
    try:
        # A server that has read enough answers and hangs up while the rest is still being sent.
        with suppress(BrokenPipeError, ConnectionResetError):
            talk.request(method, target, body, headers or {})
        answer = talk.getresponse()
        return answer.status, answer.getheader("Content-Type", ""), answer.read()
    except (OSError, http.client.HTTPException):
        return 0, "", b""
    finally:
        talk.close()


def judged(answer: tuple[int, str, bytes], target: str, form: str) -> tuple[str, int]:
    """What is wrong with an answer (nothing: empty), and its status."""
    status, kind, body = answer
    if status not in STATUSES:
        return f"{target} was answered with {status or 'nothing'}", status
    try:
        if form == "xml":
            ET.fromstring(body)
        else:
            json.loads(body)
    except (ValueError, ET.ParseError):
        return f"{target} was answered with what is no {form} ({kind})", status
    return "", status
