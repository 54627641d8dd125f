"""Messages to group robots: as each maker documents them, signed, short enough, and believed only when it says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.notify import NotSent, http, robots
from tests.fakes.receivers import SECRET, Receivers, receivers

AT = datetime(2024, 4, 10, 2, 0, tzinfo=UTC)
HERE = http.read_reach(["127.0.0.1"])
KINDS = sorted(robots.KINDS)


def more(n: int) -> robots.Line:
    return robots.Line(f"and {n} more")


def told(*texts: str, title: str = "山县: 一条消息") -> robots.Post:
    return robots.Post(title, tuple(robots.Line(one, "https://leitai.example/c/1") for one in texts), more)


def sent(side: Receivers, kind: str, post: robots.Post, at: datetime = AT, secret: str = SECRET) -> None:
    url, body = robots.request(kind, side.url(kind), secret, post, at)
    robots.check(kind, http.post(url, body, {"Content-Type": "application/json; charset=utf-8"}, reach=HERE))


@pytest.fixture(scope="module")
def kept() -> Iterator[Receivers]:
    with receivers(AT.timestamp()) as one:
        yield one


@pytest.fixture
def side(kept: Receivers) -> Receivers:
    """Robots that are up and have heard nothing yet."""
    kept.mode = ""
    kept.got.clear()
    return kept


@pytest.mark.parametrize("kind", KINDS)
def test_a_robot_takes_what_its_maker_documents(side: Receivers, kind: str) -> None:
    sent(side, kind, told("企业问题 2404-1（水务局）：时限已过"))
    assert "水务局" in side.got[0].body.decode()
    assert "https://leitai.example/c/1" in side.got[0].body.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_in_an_answer_of_200_is_a_failure(side: Receivers, kind: str) -> None:
    side.mode = "refuse"
    with pytest.raises(NotSent) as fault:
        sent(side, kind, told("a"))
    assert fault.value.detail.split()[0] in ("93000", "310000", "19024")


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_a_wrong_secret_or_a_clock_that_is_off_is_refused(side: Receivers, kind: str) -> None:
    with pytest.raises(NotSent, match="sign"):
        sent(side, kind, told("a"), secret="another")
    with pytest.raises(NotSent, match="timestamp"):
        sent(side, kind, told("a"), at=AT - timedelta(hours=2))


@pytest.mark.parametrize("mode", ["silly", "down", "redirect"])
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_else_answers_is_no_robot(side: Receivers, kind: str, mode: str) -> None:
    side.mode = mode
    with pytest.raises(NotSent):
        sent(side, kind, told("a"))
    assert len(side.got) == 1, "a redirect is not followed"


def test_feishus_old_answer_is_understood() -> None:
    robots.check("feishu", http.Answer(200, b'{"StatusCode": 0, "StatusMessage": "success"}'))
    with pytest.raises(NotSent, match="9499"):
        robots.check("feishu", http.Answer(200, b'{"StatusCode": 9499, "StatusMessage": "Bad"}'))


@pytest.mark.parametrize("kind", KINDS)
def test_many_lines_are_cut_to_what_is_allowed_and_the_rest_counted(side: Receivers, kind: str) -> None:
    n = 900
    sent(side, kind, told(*(f"第{i}件：时限已过，请尽快处理" for i in range(n))))
    body = side.got[0].body.decode()
    shown = body.count("时限已过")
    assert 0 < shown < n
    assert f"and {n - shown} more" in body


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None)
@given(
    texts=st.lists(st.text(max_size=400), min_size=1, max_size=60), title=st.text(min_size=1, max_size=400)
)
def test_no_message_is_longer_than_its_robot_takes(kind: str, texts: list[str], title: str) -> None:
    _, body = robots.request(kind, "https://robot.example/?k=1", SECRET, told(*texts, title=title), AT)
    if kind == "wecom":
        import json

        assert len(json.loads(body)["markdown"]["content"].encode()) <= 4096
    else:
        assert len(body) <= 20_000


@pytest.mark.parametrize("kind", KINDS)
def test_words_cannot_call_everybody_or_lead_elsewhere(kind: str) -> None:
    text = '](https://evil.example) <at user_id="all"></at> @all **big**\n# head'
    _, body = robots.request(kind, "https://robot.example/?k=1", "", told(text), AT)
    said = body.decode()
    assert "](https://evil" not in said
    assert "<at" not in said and "@all" not in said and "**big" not in said
    assert "\\n# head" not in said


def test_a_robot_without_a_secret_is_sent_no_signature() -> None:
    for kind in KINDS:
        url, body = robots.request(kind, "https://robot.example/?k=1", "", told("a"), AT)
        assert url == "https://robot.example/?k=1"
        assert b"sign" not in body
