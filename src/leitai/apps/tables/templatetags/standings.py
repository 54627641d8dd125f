"""What pages of tables draw: a rank with where it was before, and the history of a unit's ranks, small or with axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leitai.rules.kernel import Period
from leitai.ui import charts, rank_charts, words
from leitai.ui.rank_charts import RankPoint

register = template.Library()


@register.simple_tag
def step_strip(row: Any, gain: Any = None) -> SafeString:
    """A standing's interval as a strip, with a ring where the rank was the period before."""
    if row is None or row.rank is None:
        return charts.nothing(_("too few to judge"))
    said = words.rank(row.rank_low, row.rank_high, row.of)
    if gain:
        said += _("; before that %(rank)s") % {"rank": gain.was[1]}
    return rank_charts.step_strip(
        row.rank_low, row.rank, row.rank_high, row.of, gain.was[1] if gain else None, said
    )


def _short(period: Period) -> str:
    """A period's label under an axis: the month's name, Q1, W05, 2022."""
    return words.month(period.first.month) if period.kind == "month" else period.key.rpartition("-")[2]


def _points(history: Sequence[Any]) -> list[RankPoint]:
    """A history, the newest first, as points, the oldest first; a period that has no table is one without a rank."""
    found: list[RankPoint] = []
    after: Period | None = None
    for one in reversed(history):
        period = Period.parse(one.table.period)
        while after is not None and after.first < period.first:
            found.append(RankPoint(_short(after), None))
            after = after.next()
        low, high = one.rank_low or 0, one.rank_high or 0
        found.append(RankPoint(_short(period), one.rank, low, high, one.of))
        after = period.next()
    return found


@register.simple_tag
def rank_history(history: Sequence[Any], title: str, description: str) -> SafeString:
    """Ranks with their intervals over periods, with axes."""
    return rank_charts.history(_points(history), title, description)


@register.simple_tag
def spark(history: Sequence[Any]) -> SafeString:
    """The same without axes; read aloud as the list of ranks."""
    said = [
        f"{words.period(one.table.period)}: {words.rank(one.rank_low, one.rank_high, one.of)}"
        for one in reversed(history)
    ]
    return rank_charts.spark(_points(history), "; ".join(said))


@register.simple_tag
def funnel(
    points: Sequence[rank_charts.FunnelPoint], target: float, title: str, description: str
) -> SafeString:
    """Rates between the limits of chance."""
    return rank_charts.funnel(points, target, title, description)
