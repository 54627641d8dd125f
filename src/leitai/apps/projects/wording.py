"""Words of projects in the language of the page: lights, sums, steps; and sums of yuan as people say them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from leitai.rules.records.sheets import PLAN
from leitai.ui import words

LIGHTS: Mapping[str, Callable[[], str]] = {
    "red": lambda: _("far behind"),
    "yellow": lambda: _("will be late"),
    "green": lambda: _("to plan"),
    "none": lambda: _("no plan to judge by"),
    "done": lambda: _("all reached"),
}
SUMS: Mapping[str, Callable[[], str]] = {
    "planned": lambda: _("Sum planned"),
    "contracted": lambda: _("Sum contracted"),
    "arrived": lambda: _("Funds arrived"),
    "invested": lambda: _("Funds invested"),
}
LINES: Mapping[str, Callable[[], str]] = {
    "stage": lambda: _("entered"),
    "back": lambda: _("fell back to"),
    "reached": lambda: _("reached"),
    "done": lambda: _("done this week"),
    "not-done": lambda: _("not done this week"),
    "claimed": lambda: _("delay claimed"),
    "agreed": lambda: _("delay agreed to"),
    "refused": lambda: _("delay refused"),
}
STEPS: Mapping[str, Callable[[], str]] = {
    "found": lambda: _("found"),
    "visited": lambda: _("visited"),
    "talks": lambda: _("in talks"),
    "signed": lambda: _("signed"),
    "landed": lambda: _("landed"),
    "lost": lambda: _("lost"),
}


def field(name: str) -> str:
    """What a field that an enterprise may correct is called."""
    if name in SUMS:
        return _("%(sum)s, in yuan") % {"sum": SUMS[name]()}
    return {
        "land": lambda: _("Land, in mu"),
        "where": lambda: _("Where"),
        "about": lambda: _("What is built"),
        "stage": lambda: _("Stage"),
    }[name]()


def import_field(name: str, spec: Any) -> str:
    """What a column of an office's list may be taken for is called."""
    if name in SUMS:
        return SUMS[name]()
    if name.startswith(PLAN):
        stage = spec.stages.get(name.removeprefix(PLAN)) if spec else None
        said = stage.name.show(get_language() or "zh-hans") if stage else name.removeprefix(PLAN)
        return _("Planned day: %(stage)s") % {"stage": said}
    return {
        "serial": lambda: _("number of the line"),
        "code": lambda: _("Code"),
        "name": lambda: _("Project"),
        "kind": lambda: _("Kind"),
        "level": lambda: _("Level"),
        "chain": lambda: _("Chain"),
        "about": lambda: _("What is built"),
        "where": lambda: _("Where"),
        "longitude": lambda: _("Longitude"),
        "latitude": lambda: _("Latitude"),
        "land": lambda: _("Land"),
        "unit": lambda: _("Unit"),
        "firm": lambda: _("Enterprise"),
        "sponsor": lambda: _("Sponsor"),
        "stage": lambda: _("Stage"),
    }[name]()


def import_value(name: str, value: Any) -> str:
    """A value of an office's list as a difference shows it: a sum in large units, an area in mu, a day, words."""
    if value is None or value == "":
        return "–"
    if name in SUMS:
        return yuan(value)
    if name == "land":
        return _("%(n)s mu") % {"n": words.number(value, 0 if value == int(value) else 2)}
    return value.isoformat() if isinstance(value, date) else str(value)


def yuan(value: Decimal | None) -> str:
    """A sum of yuan: in Chinese by 万 and 亿, else by millions and thousands of them."""
    if value is None:
        return "–"
    steps: tuple[tuple[int, str], ...] = ((10**9, "bn yuan"), (10**6, "m yuan"), (1, "yuan"))
    if words.chinese():
        steps = ((10**8, "亿元"), (10**4, "万元"), (1, "元"))
    for scale, unit in steps:
        if abs(value) >= scale or scale == 1:
            exact = Decimal("0.01") if abs(value) >= 10 * scale else Decimal("0.0001")
            figure = (value / scale).quantize(exact).normalize()
            gap = "" if words.chinese() else " "
            return f"{words.number(figure, max(0, -int(figure.as_tuple().exponent)))}{gap}{unit}"
    return "–"
