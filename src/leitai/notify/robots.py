"""Messages to the robots of chat groups, as their makers document them: WeCom 企业微信, DingTalk 钉钉, Feishu 飞书.

Each robot is an address that takes JSON and answers 200 whatever happened; whether the message is in the group is
in the answer's `errcode` or `code`. Apprise knows the three but not that, nor Feishu's signature (docs/adr/0021).

    WeCom     https://developer.work.weixin.qq.com/document/path/99110            20 messages a minute
    DingTalk  https://open.dingtalk.com/document/orgapp/custom-robot-access      20 messages a minute
    Feishu    https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot  100 messages a minute, 5 a second
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from leitai.rules.kernel import N_

from .http import Answer
from .sending import NotSent

KINDS = ("wecom", "dingtalk", "feishu")
# Bytes: of WeCom's `content`, and of the whole body at the other two.
MOST = {"wecom": 4096, "dingtalk": 20_000, "feishu": 20_000}
# Letters that would be read as mark-up, or would call everybody in the group, are written wide.
_WIDE = str.maketrans("[]<>*`#@", "［］＜＞＊｀＃＠", "\r\n\t\0")


@dataclass(frozen=True, slots=True)
class Line:
    """One matter: its words and where it can be looked at."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """What is told at once. `more` words a line for those that found no room, by how many they are."""

    title: str
    lines: tuple[Line, ...]
    more: Callable[[int], Line]


def request(kind: str, url: str, secret: str, post: Post, at: datetime) -> tuple[str, bytes]:
    """The address and the body (JSON, UTF-8) that a robot takes, signed with its secret where it has one.

    `at` is the clock's instant: DingTalk refuses a signature that is an hour off, Feishu likewise. What finds no room
    is left out from the end, and the last line says how many.
    """
    signed = {}
    if kind == "dingtalk" and secret:
        stamp = str(int(at.timestamp() * 1000))
        url += ("&" if "?" in url else "?") + urlencode(
            {"timestamp": stamp, "sign": _sign(secret, f"{stamp}\n{secret}")}
        )
    if kind == "feishu" and secret:
        stamp = str(int(at.timestamp()))
        signed = {"timestamp": stamp, "sign": _sign(f"{stamp}\n{secret}", "")}
    return url, _fitted(kind, signed, post)


def check(kind: str, answer: Answer) -> None:
    """Raises NotSent unless the answer says that the message is in the group."""
    if answer.status != 200:
        raise NotSent(N_("the robot refused the message"), f"HTTP {answer.status}")
    try:
        said = json.loads(answer.body)
        code, words = _code(kind, said)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise NotSent(N_("the receiver did not answer as a robot does")) from fault
    if code != 0:
        raise NotSent(N_("the robot refused the message"), f"{code} {words}"[:150])


def _code(kind: str, said: dict[str, Any]) -> tuple[int, str]:
    if kind != "feishu":
        return int(said["errcode"]), str(said.get("errmsg", ""))
    if "code" in said:
        return int(said["code"]), str(said.get("msg", ""))
    return int(said["StatusCode"]), str(said.get("StatusMessage", ""))  # as it answered of old


def _sign(key: str, text: str) -> str:
    """HMAC-SHA256 in base64; Feishu puts everything into the key and signs nothing."""
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), "sha256")).decode()


def _fitted(kind: str, signed: dict[str, str], post: Post) -> bytes:
    """The body with as many lines as have room."""
    tidy = replace(
        post,
        title=_plain(post.title),
        lines=tuple(Line(_plain(one.text), one.url) for one in post.lines),
    )
    low, high = 0, len(tidy.lines)
    body, size = _body(kind, signed, tidy, high)
    if size <= MOST[kind]:
        return body
    while high - low > 1:
        middle = (low + high) // 2
        _, size = _body(kind, signed, tidy, middle)
        low, high = (middle, high) if size <= MOST[kind] else (low, middle)
    return _body(kind, signed, tidy, low)[0]


def _plain(text: str) -> str:
    return text.translate(_WIDE)[:300]


def _body(kind: str, signed: dict[str, str], post: Post, n: int) -> tuple[bytes, int]:
    """The body with the first `n` lines, and the size that is limited."""
    left = len(post.lines) - n
    lines = post.lines[:n] + ((post.more(left),) if left else ())
    if kind == "wecom":
        content = "\n".join([f"**{post.title}**", *(f"> {_link(one)}" for one in lines)])
        return _json({"msgtype": "markdown", "markdown": {"content": content}}), len(content.encode())
    if kind == "dingtalk":
        text = "\n".join([f"#### {post.title}", *(f"- {_link(one)}" for one in lines)])
        body = _json({"msgtype": "markdown", "markdown": {"title": post.title, "text": text}})
    else:
        content = {"title": post.title, "content": [_parts(one) for one in lines]}
        body = _json(signed | {"msg_type": "post", "content": {"post": {"zh_cn": content}}})
    return body, len(body)


def _link(one: Line) -> str:
    url = one.url.replace("(", "%28").replace(")", "%29")  # which would end the link
    return f"[{one.text}]({url})" if url else one.text


def _parts(one: Line) -> list[dict[str, str]]:
    return [{"tag": "a", "text": one.text, "href": one.url} if one.url else {"tag": "text", "text": one.text}]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
