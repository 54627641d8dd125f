"""What was answered to the questions of a kind's own form: made plain, or told what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from leitai.rules.kernel import N_, Finding
from leitai.rules.regime.cases import CaseSpec, QuestionSpec

LONGEST = 2000
Answer = str | list[str]


def answers(spec: CaseSpec, form: Mapping[str, object]) -> tuple[dict[str, Answer], tuple[Finding, ...]]:
    """The answers to the questions of a kind, by key, and every fault of them; what was not asked is left out.

    A choice is an option's key, several are a list of keys; a date is ISO 8601; a number is kept as it is written.
    """
    taken: dict[str, Answer] = {}
    findings: list[Finding] = []
    for key, question in spec.form.items():
        given = form.get(key)
        values = (
            [str(one).strip() for one in given]
            if isinstance(given, list | tuple)
            else [str(given or "").strip()]
        )
        values = [value for value in values if value]
        about = {"question": question.name, "key": key}
        if not values:
            if question.needed:
                findings.append(
                    Finding("answer-missing", N_("“%(question)s” must be answered"), values=about)
                )
            continue
        wrong = next((value for value in values if not _fits(question, value)), None)
        if wrong is not None:
            message = N_("“%(given)s” is no answer to “%(question)s”")
            findings.append(Finding("answer-wrong", message, values=about | {"given": wrong[:60]}))
            continue
        taken[key] = values if question.kind == "choices" else values[0]
    return taken, tuple(findings)


def _fits(question: QuestionSpec, value: str) -> bool:
    if question.kind in ("choice", "choices"):
        return value in question.options
    try:
        if question.kind == "date":
            date.fromisoformat(value)
        elif question.kind == "number":
            return Decimal(value).is_finite()
    except (ValueError, InvalidOperation):
        return False
    return len(value) <= LONGEST
