"""What may be done to a case now, and that words which say nothing stop no clock."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.casework import FLOWS, check_move, moves_for, says_nothing

PROBLEM, QUESTION, VERDICT = FLOWS["problem"], FLOWS["question"], FLOWS["verdict"]
REPLY = {"owner": "张明", "next_step": "联系银行核对贷款材料", "time": "3月5日下午"}


def _code(*args: object) -> str | None:
    finding = check_move(*args)  # type: ignore[arg-type]
    return finding and finding.code


def test_a_reply_that_names_owner_next_step_and_time_is_one() -> None:
    assert check_move(QUESTION, "opened", "reply", "unit", REPLY) is None


@pytest.mark.parametrize("field", ["owner", "next_step", "time"])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "field-missing"),
        ("  \n", "field-missing"),
        *(
            (text, "says-nothing")
            for text in ("收到", "已收到！", "正在处理。。。", "尽快", "有关部门", "。")
        ),
        *((text, "says-nothing") for text in ("OK", "Noted, thanks.", "ASAP")),
    ],
)
def test_a_reply_of_empty_words_is_none(field: str, text: str, code: str) -> None:
    finding = check_move(QUESTION, "opened", "reply", "unit", REPLY | {field: text})
    assert finding is not None
    assert (finding.code, finding.values["name"]) == (code, field)


def test_the_state_is_asked_before_the_role_and_the_role_before_the_form() -> None:
    assert _code(PROBLEM, "closed", "answer", "office", {}) == "wrong-state"
    assert _code(PROBLEM, "working", "answer", "office", {}) == "wrong-role"
    assert _code(PROBLEM, "working", "answer", "unit", {}) == "field-missing"


def test_striking_off_needs_evidence() -> None:
    assert _code(PROBLEM, "answered", "close", "office", {}) == "field-missing"
    assert _code(PROBLEM, "answered", "close", "office", {"evidence": "属实，已整改完毕"}) == "says-nothing"
    assert _code(PROBLEM, "answered", "close", "office", {"evidence": "3月6日现场查看，路灯已亮"}) is None


def test_a_unit_hands_back_before_it_accepts_and_never_after() -> None:
    why = {"reason": "该路段属区管，不在我局职责内"}
    assert _code(PROBLEM, "dispatched", "hand-back", "unit", why) is None
    assert _code(PROBLEM, "working", "hand-back", "unit", why) == "wrong-state"


def test_the_unit_does_not_judge_the_verdict_on_itself() -> None:
    assert moves_for(VERDICT, "opened", "unit") == ()
    assert moves_for(VERDICT, "not-upheld", "unit") == ()
    assert [move.key for move in moves_for(VERDICT, "opened", "caller")] == ["uphold", "doubt", "unreached"]
    assert moves_for(VERDICT, "opened", "office") == moves_for(VERDICT, "not-upheld", "office") == ()


def test_a_unit_key_is_a_choice_not_words() -> None:
    assert _code(PROBLEM, "received", "dispatch", "office", {"unit": "us"}) is None


def test_an_unknown_name_is_a_programmers_fault() -> None:
    with pytest.raises(KeyError):
        check_move(QUESTION, "opened", "rely", "unit", REPLY)
    with pytest.raises(KeyError):
        check_move(QUESTION, "open", "reply", "unit", REPLY)


@pytest.mark.parametrize("flow", FLOWS.values(), ids=lambda flow: flow.key)
def test_a_button_is_shown_exactly_where_only_the_form_can_be_wrong(flow: object) -> None:
    for state in flow.states:
        for role in ("office", "unit", "caller", "reviewer", "enterprise"):
            offered = {move.key for move in moves_for(flow, state.key, role)}
            for move in flow.moves:
                code = _code(flow, state.key, move.key, role, {})
                assert (move.key in offered) == (code in (None, "field-missing"))


EMPTY = ["收到", "正在处理", "谢谢", "好的", "OK", "noted", "thank you", "尽快处理", "done"]


@settings(max_examples=40)
@given(st.lists(st.sampled_from(EMPTY), max_size=6), st.sampled_from(["，", "。 ", "! ", "\n", " / ", "……"]))
def test_no_number_of_empty_phrases_says_something(phrases: list[str], between: str) -> None:
    assert says_nothing(between.join(phrases) + between)


@pytest.mark.parametrize(
    "text",
    ["张明", "Na Li", "丽丽", "3月5日", "2026-03-05T10:00", "17", "收到，张明今天下午到现场", "明天",
     "Crew sent; pothole filled at 14:00", "已处理：更换灯泡两只", "周五前"],
)  # fmt: skip
def test_words_that_can_be_checked_say_something(text: str) -> None:
    assert not says_nothing(text)


def test_a_long_text_of_empty_words_is_judged_in_one_pass() -> None:
    assert not says_nothing("我们会尽快处理" * 20_000 + "张")
