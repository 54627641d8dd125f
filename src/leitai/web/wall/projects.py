"""The tile of projects: where they are, by light and sum; who owes a word on a milestone whose day has passed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Max, Min, Sum, Value
from django.db.models.functions import Floor
from django.utils.translation import gettext as _

from leitai.apps.projects import queries as projects
from leitai.ui import words

from . import boundaries, drawing
from .geometry import Frame
from .said import Said

JUDGED = timedelta(days=1)  # lights that turn by themselves are worked out once a day
FIRST = 4  # of the red ones so many are listed beside the map


def said(place: Any, now: datetime) -> Said:
    """Projects by light and sum, on the place's outlines where it has any."""
    today = now.astimezone(place.zone).date()
    rows = projects.narrowed(place).order_by()
    placed = rows.filter(longitude__isnull=False)
    n, known = rows.count(), placed.count()
    areas, frame = boundaries.drawn(place)
    if frame is None and known:
        ends = placed.aggregate(w=Min("longitude"), e=Max("longitude"), s=Min("latitude"), n=Max("latitude"))
        frame = drawing.frame_of((), [(ends["w"], ends["s"]), (ends["e"], ends["n"])])
    owed = rows.filter(next_on__lt=today, unit__isnull=False)
    late = (
        owed.values_list("unit__name_zh", "unit__name_en").annotate(n=Count("pk")).order_by("-n", "unit__key")
    )
    # Whatever was to turn by itself before today and was not judged since, nobody has worked out.
    oldest = rows.filter(turns_on__lt=today - JUDGED).aggregate(day=Min("judged_on"))["day"]
    newest = rows.aggregate(day=Max("judged_on"))["day"]
    body = {
        "sheet": drawing.draw(areas, frame, _spots(placed, frame, known), n, n - known),
        "tallies": [one for one in projects.tallies(place) if one.n],
        "red": projects.listed(place, projects.Filter(light="red"))[:FIRST],
        "n": n,
    }
    stale = _("lights have not been worked out since %(day)s") % {"day": oldest} if oldest else ""
    chinese = words.chinese()
    names = tuple((zh or en) if chinese else (en or zh) for zh, en, _n in late)
    return Said(oldest or newest or today, _("milestones, by the rule-book"), names, stale, body)


def _spots(placed: Any, frame: Frame | None, known: int) -> list[drawing.Spot]:
    """Few projects one by one; of many, the database puts those of a light in a cell of the sheet together."""
    if frame is None:
        return []
    if known <= drawing.ALONE:
        one_by_one = placed.annotate(n=Value(1)).values_list(*drawing.Spot._fields)
        return [drawing.Spot(*one) for one in one_by_one]
    (west, north), (wide, tall) = frame.corner, frame.degrees(drawing.CELL)
    cells = (
        placed.annotate(
            column=Floor((F("longitude") - west) / wide), row=Floor((north - F("latitude")) / tall)
        )
        .values("column", "row", "light")
        .annotate(
            n=Count("pk"),
            east=Avg("longitude"),
            high=Avg("latitude"),
            sum=Sum("planned"),
            first=Min("code"),
            called=Min("name"),
            behind=Max("slip"),
        )
    )
    names = ("east", "high", "light", "n", "sum", "first", "called", "behind")
    found = [drawing.Spot(*one) for one in cells.values_list(*names)]
    return [one if one.n == 1 else one._replace(code="", name="", slip=0) for one in found]
