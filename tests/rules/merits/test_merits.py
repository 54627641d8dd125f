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
    appeal_by,
    check_appeal,
    check_decide,
    check_decider,
    check_object,
    expiry,
    is_against,
    parse_lasts,
    propose,
    stands,
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
                   at("2026-03-02T09:00"), OFFICE, number="第八条", links=("case:77",))  # fmt: skip


NOW = at("2026-03-02T10:00")
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


@pytest.mark.parametrize("tone", ["honour", "notice", "accountability"])
def test_without_a_time_to_reply_nothing_is_ever_decided(tone: str) -> None:
    proposal = filed(tone=tone)
    assert _code(proposal, "2036-03-02T10:00") == "no-window"
    assert _code(proposal, "2026-03-02T10:00", "我局无异议") == "no-window"


def test_an_honour_waits_for_the_end_of_its_notice_and_takes_objections_until_then() -> None:
    proposal = filed(tone="honour", **HEARD)
    assert _code(proposal, "2026-03-05T17:30", "有异议") == "notice-first"
    assert _code(proposal, "2026-03-05T17:31") is None
    assert check_object(proposal, at("2026-03-05T17:30")) is None
    over, other = check_object(proposal, at("2026-03-05T17:31")), check_object(filed(**HEARD), NOW)
    assert over is not None and over.code == "notice-over"
    assert other is not None and other.code == "no-honour"


def test_nothing_is_decided_without_a_rule_an_article_or_evidence() -> None:
    proposal = filed(**HEARD)
    assert _code(replace(proposal, number=" "), "2026-04-02T10:00", "说明") == "no-article"
    assert _code(replace(proposal, links=()), "2026-04-02T10:00", "说明") == "no-evidence"
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


def test_a_rule_without_an_article_has_that_of_the_consequence() -> None:
    own = spec(number="第九条", **HEARD)
    assert propose(own, "k", "u", "r", "w", ("e",), NOW, OFFICE).number == "第九条"
    assert propose(own, "k", "u", "r", "w", ("e",), NOW, OFFICE, number="第八条").number == "第八条"
    assert propose(spec(**HEARD), "k", "u", "r", "w", ("e",), NOW, OFFICE).number == ""


def test_only_who_is_burdened_may_appeal_and_only_in_time() -> None:
    open_to = spec(appeal="5 workdays", on="office")
    by = appeal_by(open_to, "k", True, at("2026-03-02T10:00"), OFFICE)
    assert by == at("2026-03-09T17:30")
    assert appeal_by(open_to, "k", False, NOW, OFFICE) is None, "nobody appeals against being cleared"
    assert appeal_by(spec(), "k", True, NOW, OFFICE) is None
    denied = spec(tone="honour", appeal="5 workdays", on="office")
    assert appeal_by(denied, "k", True, NOW, OFFICE) is None
    assert appeal_by(denied, "k", False, NOW, OFFICE) is not None, "an honour that is denied burdens"
    assert check_appeal("u", by, at("2026-03-09T17:30")) is None
    late, never = check_appeal("u", by, at("2026-03-09T17:31")), check_appeal("u", None, NOW)
    assert late is not None and late.code == "too-late"
    assert never is not None and never.code == "no-appeal"


@given(st.booleans(), st.none() | st.booleans(), st.sampled_from(["honour", "notice", "accountability"]))
def test_an_appeal_that_is_upheld_turns_the_decision_round(
    upheld: bool, appeal: bool | None, tone: str
) -> None:
    assert stands(upheld, appeal) == (upheld if not appeal else not upheld)
    assert is_against(tone, upheld) == (upheld if tone != "honour" else not upheld)  # type: ignore[arg-type]


def test_the_body_decides_and_nobody_whom_it_concerns() -> None:
    assert check_decider(frozenset({"leader"}), spec()) is None
    assert check_decider(frozenset({"clerk", "inspector"}), None) is None
    for roles, of in [({"office"}, spec()), (set(), spec()), ({"leader"}, spec(body="inspector"))]:
        wrong = check_decider(frozenset(roles), of)
        assert wrong is not None and wrong.code == "wrong-body"
    for concern in ("own_unit", "own_file", "proposer", "decider"):
        wrong = check_decider(frozenset({"leader"}), spec(), **{concern: True})
        assert wrong is not None and wrong.code == concern.replace("_", "-")
