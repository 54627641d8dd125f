"""Other sides of channels on this machine: group robots that hold senders to what their makers document, a system.

What they check is written from the makers' pages, apart from the code that sends:

    WeCom     POST …?key=K            {"msgtype": "markdown", "markdown": {"content": at most 4096 bytes}}
    DingTalk  POST …?access_token=T&timestamp=MS&sign=S   {"msgtype": "markdown", "markdown": {"title", "text"}}
              S is base64(HMAC-SHA256(key=secret, MS + "\\n" + secret)), MS within an hour
    Feishu    POST …/hook/ID          {"timestamp": "S", "sign", "msg_type": "post", "content": {"post": {…}}}
              sign is base64(HMAC-SHA256(key=S + "\\n" + secret, "")), S within an hour

Each answers 200 whatever it thinks of the message, and says so in the body.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "SEC-of-the-robot-0123456789"
HOUR = 3600


@dataclass
class Got:
    """What arrived: path with query, headers, body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body's value."""
        return json.loads(self.body)


@dataclass
class Receivers:
    """A server with robots and a system. `clock` is what the robots hold timestamps to, seconds."""

    port: int
    clock: float
    got: list[Got] = field(default_factory=list)
    mode: str = ""  # "", "down", "refuse", "redirect", "hang", "silly", "drip"
    let_go: threading.Event = field(default_factory=threading.Event)

    def url(self, kind: str) -> str:
        """Where one of them is reached."""
        paths = {
            "wecom": "/wecom/send?key=the-key",
            "dingtalk": "/dingtalk/send?access_token=the-token",
            "feishu": "/feishu/hook/the-id",
            "webhook": "/system/in",
        }
        return f"http://127.0.0.1:{self.port}{paths[kind]}"


class _Handler(BaseHTTPRequestHandler):
    server: Any
    protocol_version = "HTTP/1.0"

    def do_POST(self) -> None:
        side: Receivers = self.server.side
        body = self.rfile.read(int(self.headers["Content-Length"]))
        got = Got(self.path, dict(self.headers), body)
        side.got.append(got)
        if side.mode == "hang" or (side.mode == "hang-system" and "/system/" in self.path):
            side.let_go.wait(30)
        if side.mode == "drip":
            while not side.let_go.wait(0.02):
                try:
                    self.wfile.write(b"H")
                except OSError:
                    return
            return
        if side.mode == "down":
            self._answer(503, {})
        elif side.mode == "redirect":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{side.port}/elsewhere")
            self.end_headers()
        elif side.mode == "silly":
            self._answer(200, ["ok"])
        else:
            kind = self.path.split("/")[1]
            self._answer(200, {"refuse": _REFUSALS}.get(side.mode, {}).get(kind) or _CHECKS[kind](got, side))

    def _answer(self, status: int, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        with contextlib.suppress(OSError):  # whoever asked did not wait
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


_REFUSALS = {
    "wecom": {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1712714400]"},
    "dingtalk": {"errcode": 310000, "errmsg": "keywords not in content"},
    "feishu": {"code": 19024, "msg": "Key Words Not Found", "data": {}},
    "system": {},
}


def _wecom(got: Got, side: Receivers) -> dict[str, Any]:
    if parse_qs(urlsplit(got.path).query).get("key") != ["the-key"]:
        return {"errcode": 93000, "errmsg": "invalid webhook url"}
    value = got.json
    if set(value) != {"msgtype", "markdown"} or value["msgtype"] != "markdown":
        return {"errcode": 40008, "errmsg": "invalid message type"}
    if not value["markdown"]["content"].strip():
        return {"errcode": 44004, "errmsg": "empty content"}
    if len(value["markdown"]["content"].encode()) > 4096:
        return {"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"}
    return {"errcode": 0, "errmsg": "ok"}


def _dingtalk(got: Got, side: Receivers) -> dict[str, Any]:
    query = parse_qs(urlsplit(got.path).query)
    if query.get("access_token") != ["the-token"]:
        return {"errcode": 300005, "errmsg": "token is not exist"}
    stamp = query.get("timestamp", [""])[0]
    sign = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    if query.get("sign") != [base64.b64encode(sign).decode()]:
        return {"errcode": 310000, "errmsg": "sign not match"}
    if abs(int(stamp) / 1000 - side.clock) > HOUR:
        return {"errcode": 310000, "errmsg": "invalid timestamp"}
    if "application/json" not in got.headers["Content-Type"] or len(got.body) > 20_000:
        return {"errcode": 40035, "errmsg": "bad request"}
    value = got.json
    if value.get("msgtype") != "markdown" or not value["markdown"]["title"] or not value["markdown"]["text"]:
        return {"errcode": 40035, "errmsg": "missing param"}
    return {"errcode": 0, "errmsg": "ok"}


def _feishu(got: Got, side: Receivers) -> dict[str, Any]:
    value = got.json
    stamp = value.get("timestamp", "")
    sign = hmac.new(f"{stamp}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    if value.get("sign") != base64.b64encode(sign).decode() or abs(int(stamp) - side.clock) > HOUR:
        return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
    if len(got.body) > 20_000:
        return {"code": 11232, "msg": "too long"}
    post = value.get("content", {}).get("post", {}).get("zh_cn", {})
    if value.get("msg_type") != "post" or not post.get("title") or not post.get("content"):
        return {"code": 9499, "msg": "Bad Request"}
    for line in post["content"]:
        for part in line:
            wanted = {"a": {"tag", "text", "href"}, "text": {"tag", "text"}}.get(part["tag"])
            if set(part) != wanted:
                return {"code": 9499, "msg": "Bad Request"}
    return {"code": 0, "msg": "success", "data": {}, "StatusCode": 0, "StatusMessage": "success"}


def _system(got: Got, side: Receivers) -> dict[str, Any]:
    return {}


_CHECKS = {"wecom": _wecom, "dingtalk": _dingtalk, "feishu": _feishu, "system": _system}


@contextmanager
def receivers(clock: float) -> Iterator[Receivers]:
    """The server in a thread, on a port of its own; whoever hangs is let go at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    side = Receivers(server.server_address[1], clock)
    server.side = side  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield side
    finally:
        side.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
