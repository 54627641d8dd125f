"""Merit files: nobody is decided on unheard, nothing rests on nothing, and what has a term ends."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.casework import check_flow, diagram
from leitai.rules.merits import (
    FLOW,
    LastsError,
    Proposal,
    check_decide,
    expiry,
    parse_lasts,
    propose,
)
from leitai.rules.regime.model import MeritSpec
from leitai.rules.worktime import office

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = office("office", ZONE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+08:00")


def spec(**said: object) -> MeritSpec:
    return MeritSpec.model_validate({"name": "问责", "tone": "accountability"} | said)


def filed(**said: object) -> Proposal:
    evidence = ("event 1204", "case 77")
    return propose(spec(**said), "accountability", "bureau-a", "X3: 否则启动问责程序", "超期未解决", evidence,
                   at("2026-03-02T09:00"), OFFICE)  # fmt: skip


HEARD = {"reply": "3 workdays", "on": "office"}


def _code(proposal: Proposal, now: str, reply: str | None = None) -> str | None:
    finding = check_decide(proposal, at(now), reply)
    return finding and finding.code


def test_the_flow_is_sound_and_can_be_drawn() -> None:
    assert check_flow(FLOW) == ()
    assert "待当事人申辩" in diagram(FLOW, "zh")


def test_only_the_deciding_body_decides() -> None:
    deciding = [move for move in FLOW.moves if move.milestone == "decided"]
    assert {move.by for move in deciding} == {("decider",)}


def test_a_proposal_says_what_it_rests_on_and_how_long_a_reply_may_take() -> None:
    proposal = filed(**HEARD)
    assert (proposal.merit, proposal.target, proposal.tone) == (
        "accountability",
        "bureau-a",
        "accountability",
    )
    assert proposal.rule.startswith("X3")
    assert proposal.reply_by == at("2026-03-05T17:30")
    assert proposal.expires_at is None


def test_no_decision_before_a_reply_or_the_end_of_its_time() -> None:
    proposal = filed(**HEARD)
    assert _code(proposal, "2026-03-02T10:00") == "reply-first"
    assert _code(proposal, "2026-03-05T17:30") == "reply-first"
    assert _code(proposal, "2026-03-05T17:31") is None
    assert _code(proposal, "2026-03-02T10:00", "银行材料3月1日才到") is None
    assert _code(proposal, "2026-03-02T10:00", "  ") == "reply-first"


def test_accountability_without_a_time_to_reply_waits_for_the_words() -> None:
    proposal = filed()
    assert _code(proposal, "2036-03-02T10:00") == "reply-first"
    assert _code(proposal, "2026-03-02T10:00", "我局无异议") is None


@pytest.mark.parametrize("tone", ["honour", "notice"])
def test_an_honour_or_notice_without_a_time_to_reply_needs_none(tone: str) -> None:
    assert _code(filed(tone=tone), "2026-03-02T10:00") is None


def test_nothing_is_decided_without_a_rule_or_evidence() -> None:
    proposal = filed(**HEARD)
    assert _code(replace(proposal, rule=" "), "2026-04-02T10:00", "说明") == "no-rule"
    assert _code(replace(proposal, evidence=()), "2026-04-02T10:00", "说明") == "no-evidence"
    assert _code(replace(proposal, evidence=("", " ")), "2026-04-02T10:00", "说明") == "no-evidence"
    finding = check_decide(replace(proposal, evidence=()), at("2026-04-02T10:00"), None)
    assert finding is not None
    assert "bureau-a" in finding.text


def test_a_time_to_reply_needs_a_calendar() -> None:
    with pytest.raises(ValueError, match="no calendar"):
        propose(spec(reply="3 workdays"), "k", "u", "r", "w", ("e",), at("2026-03-02T09:00"), None)


def test_a_term_ends_with_the_midnight_after_its_last_day() -> None:
    assert expiry(spec(lasts="12 months"), at("2026-03-05T23:30"), ZONE) == at("2027-03-05T00:00")
    assert expiry(spec(lasts="90 days"), at("2026-03-05T09:00"), ZONE) == at("2026-06-03T00:00")
    assert expiry(spec(lasts="1 month"), at("2026-01-31T09:00"), ZONE) == at("2026-02-28T00:00")
    assert expiry(spec(), at("2026-03-05T09:00"), ZONE) is None


@pytest.mark.parametrize("text", ["6 个月", "6个月", "6 months", "6 Months "])
def test_terms_are_read_in_both_languages(text: str) -> None:
    assert parse_lasts(text) == parse_lasts("6 month")


@pytest.mark.parametrize(
    ("text", "code"),
    [("a while", "not-a-term"), ("12", "not-a-term"), ("6 monhts", "not-a-term"), ("", "not-a-term"),
     ("0 months", "term-out-of-range"), ("101 years", "term-out-of-range")],
)  # fmt: skip
def test_a_text_that_is_no_term_is_told_what_would_be(text: str, code: str) -> None:
    with pytest.raises(LastsError) as wrong:
        parse_lasts(text)
    assert wrong.value.finding.code == code
    if text == "6 monhts":
        assert wrong.value.finding.values["right"] == "months"


@settings(max_examples=40)
@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 600))
def test_months_end_in_the_right_month_and_never_later_in_it(day: date, months: int) -> None:
    end = parse_lasts(f"{months} months").after(day)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


@settings(max_examples=30)
@given(st.timedeltas(timedelta(), timedelta(days=20)), st.none() | st.sampled_from(["", "我有话说"]))
def test_a_decision_always_follows_words_or_the_end_of_the_time(after: timedelta, reply: str | None) -> None:
    proposal = filed(**HEARD)
    assert proposal.reply_by is not None
    now = proposal.proposed_at + after
    assert (check_decide(proposal, now, reply) is None) == (bool(reply) or now > proposal.reply_by)
