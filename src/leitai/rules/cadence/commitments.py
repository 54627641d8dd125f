"""What came of a commitment: kept, missed, or cannot tell, from what the place's own records say when it is tested.

A meeting's decision binds a unit to a figure ("at least 9 by May") or to evidence that another accepts. It is tested
once its day is over. Where the records cannot answer, neither side is favoured: a figure that is missing, of which a
part is missing, or that is disputed says nothing; nor does evidence that nobody has looked at. A rate of verdicts is
a sample of those who were served: a target inside its margin cannot be told kept or missed.

    at least 9, reported 9       kept
    at least 9, reported 8.9     missed
    at least 9, nothing reported cannot tell
    at least 90 %, 91 % ± 3      cannot tell
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from leitai.rules.kernel import N_, Finding

Verdict = Literal["kept", "missed", "unknown"]
Sense = Literal["ge", "le"]
State = Literal["ok", "missing", "late", "disputed", "few"]

_Z = Decimal("1.959963984540054")  # 95 % of a normal error lies within so many standard errors
_MILLIONTH = Decimal("0.000001")

_SILENT: dict[str, tuple[str, str]] = {
    "missing": ("figure-missing", N_("The figure is missing.")),
    "late": ("figure-incomplete", N_("A part of the figure is missing: %(found)s so far.")),
    "disputed": ("figure-disputed", N_("The figure is disputed: %(found)s.")),
    "few": ("figure-few", N_("There is too little to judge by.")),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the records say of a figure. `se` is its standard error where it is a sample, else None.

    `rate` where it is a share of 1, said in per cent.
    """

    state: State
    value: Decimal | None = None
    se: Decimal | None = None
    rate: bool = False


@dataclass(frozen=True, slots=True)
class Tested:
    """A verdict with the figure that was found, if any, and why in a sentence."""

    verdict: Verdict
    found: Decimal | None
    why: Finding


def judge_figure(sense: Sense, target: Decimal, seen: Seen) -> Tested:
    """Whether a figure is at least (`ge`) or at most (`le`) its target, as far as can be told."""
    values = {"target": said(target, rate=seen.rate), "found": said(seen.value, rate=seen.rate)}
    if seen.state != "ok" or seen.value is None:
        code, message = _SILENT[seen.state if seen.state != "ok" else "missing"]
        return Tested("unknown", seen.value, Finding(code, message, values=values))
    margin = seen.se * _Z if seen.se is not None else Decimal(0)
    if margin and abs(seen.value - target) < margin:
        values["margin"] = said(margin, rate=seen.rate)
        message = N_("Found %(found)s, give or take %(margin)s: chance alone may decide on %(target)s.")
        return Tested("unknown", seen.value, Finding("within-chance", message, values=values))
    held = seen.value >= target if sense == "ge" else seen.value <= target
    message = (
        N_("Found %(found)s; promised was at least %(target)s.")
        if sense == "ge"
        else N_("Found %(found)s; promised was at most %(target)s.")
    )
    return Tested("kept" if held else "missed", seen.value, Finding("figure-found", message, values=values))


def judge_evidence(shown: bool, accepted: bool | None, why: str = "") -> Tested:
    """Whether evidence was shown and accepted; `why` is what the one who looked at it wrote."""
    if not shown:
        return Tested("missed", None, Finding("not-shown", N_("No evidence was shown.")))
    if accepted is None:
        message = N_("Evidence was shown; nobody has looked at it yet.")
        return Tested("unknown", None, Finding("not-looked-at", message))
    if accepted:
        return Tested("kept", None, Finding("accepted", N_("The evidence was accepted.")))
    message = N_("The evidence was not accepted: %(why)s")
    return Tested("missed", None, Finding("refused", message, values={"why": why}))


def said(value: Decimal | None, *, rate: bool = False) -> str:
    """A figure in a sentence: no trailing zeros, a share as per cent; "–" for none."""
    if value is None:
        return "–"
    shown = (value * 100 if rate else value).quantize(
        Decimal("0.01") if rate else _MILLIONTH, ROUND_HALF_EVEN
    )
    text = f"{shown:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}%" if rate else text
