"""Sums and areas as offices type them: 亿元 and 万元 mixed, thousands marked, full-width digits, a unit in the cell.

A number means nothing without its unit. What the cell says itself goes before what its column's heading says; where
neither says anything the number is not read. Other currencies are not read: a sheet holds no rate of exchange.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from leitai.rules.kernel import N_

from ..cells import Wrong, text

# What a unit is in the unit that is kept: yuan, and mu of land (15 mu to the hectare: GB 3100).
MONEY: dict[str, Decimal] = {
    "亿元": Decimal(10**8),
    "千万元": Decimal(10**7),
    "百万元": Decimal(10**6),
    "万元": Decimal(10**4),
    "千元": Decimal(10**3),
    "元": Decimal(1),
}
LAND: dict[str, Decimal] = {
    "亩": Decimal(1),
    "公顷": Decimal(15),
    "平方公里": Decimal(1500),
    "平方米": Decimal(15) / Decimal(10_000),
}
_SHORT = {
    "亿": "亿元", "亿人民币": "亿元", "亿元人民币": "亿元", "万": "万元", "万人民币": "万元", "万元人民币": "万元",
    "千万": "千万元", "百万": "百万元", "人民币元": "元", "yuan": "元", "m2": "平方米", "平米": "平方米",
    "km2": "平方公里", "ha": "公顷", "mu": "亩", "tenthousandyuan": "万元", "100millionyuan": "亿元",
}  # fmt: skip
UNITS: dict[str, dict[str, Decimal]] = {"money": MONEY, "land": LAND}
NOTHING = frozenset({"", "-", "--", "---", "—", "——", "–", "/", "\\", "无", "n/a", "na"})
_NUMBER = re.compile(r"([-+]?\d+(?:\.\d+)?)(.*)")
_ABOUT = re.compile(r"^(?:约|大约|近|逾|超过|超|不低于|不少于)|(?:左右|以上|余|多)$")
_OTHER = re.compile(r"美元|欧元|日元|英镑|港元|港币|usd|eur|hkd|jpy|[$€£¥]")
_IN_HEADING = re.compile(r"\(([^()]*)\)|单位[::]?((?:(?!单位)[^,;。()/])+)|[,、]([^,、]+)$")


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in yuan, or an area in mu; `care` says what was taken for granted in reading it."""

    value: Decimal
    care: str = ""


def plain(said: object) -> str:
    """A text without blanks, its full-width signs as plain ones, small letters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text(said))).lower()


def unit_of(said: str, what: str) -> str:
    """The unit a heading or a line above the table names, for what is "money" or "land"; "" for none."""
    for parts in _IN_HEADING.findall(plain(said)):
        for part in parts:
            for word in re.split(r"[,、;/及和]", part.removeprefix("单位").lstrip(":")):
                found = _known(word, what)
                if found:
                    return found
    return ""


def _known(word: str, what: str) -> str:
    name = _SHORT.get(word, word)
    return name if name in UNITS[what] else ""


def amount(cell: object, unit: str, what: str = "money") -> Amount | None:
    """The sum (yuan) or the area (mu) of a cell whose column is in `unit`; None for an empty one. Raises Wrong."""
    said = plain(cell).replace(",", "")
    if said in NOTHING:
        return None
    if isinstance(cell, bool):
        raise Wrong("bad-number", N_("this is not a number"))
    if _OTHER.search(said):
        raise Wrong("other-currency", N_("this is another currency; write it in yuan"))
    about = _ABOUT.search(said) is not None
    match = _NUMBER.fullmatch(_ABOUT.sub("", said))
    if match is None:
        raise Wrong("bad-number", N_("this is not a number"))
    number, rest = Decimal(match[1]), _ABOUT.sub("", match[2])
    own = _known(rest, what) if rest else ""
    if rest and not own:
        raise Wrong("bad-number", N_("this is more than a number and its unit"))
    if not own and not unit:
        raise Wrong("no-unit", N_("nothing says in what unit this number is"))
    if number < 0:
        raise Wrong("below-zero", N_("this is below zero"))
    value = number * UNITS[what][own or unit]
    if value >= Decimal(10) ** 15:
        raise Wrong("too-large", N_("this is more than can be; look at the unit of the column"))
    care = N_("its own unit, not the column's") if own and unit and own != unit else ""
    return Amount(value.quantize(Decimal("0.01")), N_("“about” was left out") if about else care)
