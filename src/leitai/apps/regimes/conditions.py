"""A rule-book's conditions in words: whoever is held to a rule should not have to read CEL.

Only the sentences that rule-books are mostly made of are known: what joins plain comparisons by "and", with
"or" between values of one fact. Of any other condition nothing is said here, and the page shows it as written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from leitai.rules.casework import COLOURS
from leitai.rules.kernel import Text
from leitai.rules.regime.model import Regime
from leitai.ui import words

EQUAL = re.compile(r'([a-z.]+) == "([^"]*)"')
AMONG = re.compile(r'([a-z.]+) in \[((?:"[^"]*"(?:, )?)+)\]')
NUMBER = re.compile(r"([a-z._]+) (==|>=) (\d+)")
VALUES = {
    "case.kind": N_("the case is of the kind %(names)s"),
    "clock.key": N_("the clock is %(names)s"),
    "recheck.outcome": N_("it is found %(names)s"),
    "commitment.verdict": N_("it is found to be %(names)s"),
    "slip.colour": N_("it is a %(names)s"),
    "project.light": N_("the project's light is %(names)s"),
    "project.was": N_("it was %(names)s before"),
    "project.stage": N_("the project is in the stage %(names)s"),
    "permit.key": N_("the permit is %(names)s"),
    "reading.measure": N_("the reading is of %(names)s"),
    "table.arena": N_("the table is of the arena %(names)s"),
    "table.period.kind": N_("the table is of a whole %(names)s"),
}
NUMBERS = {
    "case.returns >=": N_("the case was returned %(n)s times or more"),
    "case.transfers >=": N_("the case was transferred %(n)s times or more"),
    "project.slip >=": N_("the project is %(n)s days or more behind its plan, excused days aside"),
    "preparation.rung ==": N_("it is told for the %(n)s. time"),
    "commitment.times >=": N_("it was promised %(n)s times or more"),
    "slip.rung >=": N_("it is slip number %(n)s or a later one"),
    "unit.gained >=": N_("the unit moved up %(n)s ranks or more"),
    "unit.rank ==": N_("the unit's rank is %(n)s"),
}
PLAIN = {
    "case.complex": N_("the case is complex"),
    "!case.complex": N_("the case is not complex"),
    "case.relapse": N_("the case is a relapse"),
    "!case.relapse": N_("the case is no relapse"),
    "unit.ranked": N_("the unit is ranked"),
    "unit.named_best": N_("the unit is named best"),
    "unit.named_worst": N_("the unit is named worst"),
    "unit.named_worst_last_time": N_("it was so the last time as well"),
}


OUTCOMES = {
    "over": N_("really over"),
    "not-over": N_("not really over"),
    "cannot-tell": N_("to be neither, as far as can be told"),
}


VERDICTS = {
    "kept": N_("a promise kept"),
    "missed": N_("a promise broken"),
    "unknown": N_("a promise of which it cannot be told"),
}


LIGHTS = {
    "none": Text(zh="未亮", en="not lit"),
    "green": Text(zh="绿灯", en="green"),
    "yellow": Text(zh="黄灯", en="yellow"),
    "red": Text(zh="红灯", en="red"),
    "done": Text(zh="已完成", en="done"),
}


def in_words(condition: str, regime: Regime) -> str:
    """A condition as people say it, in the language of the page; "" where it is not of the known forms."""
    parts = [part.strip() for part in condition.split("&&")]
    # Which kinds it is about, so that a clock is called as those kinds call it.
    kinds = [
        value
        for part in parts
        for fact, values in [_values(_bare(part))]
        for value in values
        if fact == "case.kind"
    ]
    said = [_atom(part, regime, kinds) for part in parts]
    return _(", and ").join(said) if all(said) else ""


def _bare(part: str) -> str:
    return part[1:-1] if part.startswith("(") and part.endswith(")") else part


def _atom(part: str, regime: Regime, kinds: Sequence[str]) -> str:
    """One comparison in words, or "". What holds a bracket of its own is not split right and so not known."""
    if part in PLAIN:
        return _(PLAIN[part])
    number = NUMBER.fullmatch(part)
    if number:
        message = NUMBERS.get(f"{number[1]} {number[2]}")
        return _(message) % {"n": number[3]} if message else ""
    fact, values = _values(_bare(part))
    if fact not in VALUES or not values:
        return ""
    named = _names(fact, regime, kinds)
    return _(VALUES[fact]) % {"names": _(" or ").join(dict.fromkeys(map(named, values)))}


def _values(part: str) -> tuple[str, list[str]]:
    """The one fact that is compared and the values it may have; ("", []) for anything else."""
    among = AMONG.fullmatch(part)
    if among:
        return among[1], re.findall(r'"([^"]*)"', among[2])
    equals = [EQUAL.fullmatch(one.strip()) for one in part.split("||")]
    facts = {one[1] if one else "" for one in equals}
    return (facts.pop(), [one[2] for one in equals if one]) if len(facts) == 1 else ("", [])


def _names(fact: str, regime: Regime, kinds: Sequence[str]) -> Callable[[str], str]:
    """How the values of a fact are called."""
    if fact == "table.period.kind":
        return words.period_kind
    if fact == "slip.colour":
        return lambda key: COLOURS[key].show(get_language() or "zh-hans") if key in COLOURS else key
    if fact in ("project.light", "project.was"):
        stages = regime.projects.stages if regime.projects else {}
        lit = LIGHTS | {key: stage.name for key, stage in stages.items()}
        return lambda key: lit[key].show(get_language() or "zh-hans") if key in lit else key
    if fact == "recheck.outcome":
        return lambda key: _(OUTCOMES[key]) if key in OUTCOMES else key
    if fact == "commitment.verdict":
        return lambda key: _(VERDICTS[key]) if key in VERDICTS else key
    about = [case for kind, case in regime.cases.items() if kind in kinds or not kinds]
    clocks = {key: spec for case in reversed(about) for key, spec in case.clocks.items()}
    things: Mapping[str, Mapping[str, Any]] = {
        "case.kind": regime.cases,
        "clock.key": clocks,
        "project.stage": regime.projects.stages if regime.projects else {},
        "permit.key": {key: one for start in regime.starts.values() for key, one in start.permits.items()},
        "reading.measure": regime.measures,
        "table.arena": regime.arenas,
    }

    def named(key: str) -> str:
        name: Text | None = getattr(things[fact].get(key), "name", None)
        return _("“%(name)s”") % {"name": name.show(get_language() or "zh-hans") if name else key}

    return named
