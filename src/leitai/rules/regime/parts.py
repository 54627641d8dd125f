"""The parts that every paragraph of a rule-book is made of: keys, names in two languages, numbers, closed shapes."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from leitai.rules.kernel import Text

Key = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=40,
        description="lower-case letters, digits, hyphens; at most 40",
    ),
]


def _words(value: object) -> object:
    """A bare string is a name in the language it is written in."""
    if isinstance(value, str):
        return {"zh": value} if any("\u4e00" <= letter <= "\u9fff" for letter in value) else {"en": value}
    return value


Words = Annotated[Text, BeforeValidator(_words)]


def _number(value: object) -> object:
    """120% is written for 120 points of 100; true is no number."""
    if isinstance(value, str) and value.strip().endswith("%"):
        return value.strip().removesuffix("%").strip()
    return str(value) if isinstance(value, bool) else value


Number = Annotated[Decimal, BeforeValidator(_number)]


class Model(BaseModel):
    """Frozen, and closed: an unknown key is an error, with the nearest right one offered."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Pick(Model):
    """Which units: by tag, by kind, below a unit, or by name. More than one: all must hold."""

    all: Literal[True] | None = None
    tag: str | None = None
    kind: str | None = None
    under: str | None = None
    keys: tuple[str, ...] | None = None
