"""Days and instants as pages say them: the year is there wherever it is not the present one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils.translation import override

from leitai.ui import words

CHINA = ZoneInfo("Asia/Shanghai")
AT = datetime(2022, 3, 4, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zh", "en"),
    [
        (None, "3月4日 09:30", "4 Mar, 09:30"),
        (datetime(2022, 12, 31, 15, 59, tzinfo=UTC), "3月4日 09:30", "4 Mar, 09:30"),
        (datetime(2022, 12, 31, 16, 0, tzinfo=UTC), "2022年3月4日 09:30", "4 Mar 2022, 09:30"),
        (datetime(2021, 12, 31, 15, 59, tzinfo=UTC), "2022年3月4日 09:30", "4 Mar 2022, 09:30"),
    ],
)
def test_a_short_instant_has_its_year_where_that_is_not_the_present_one(
    now: datetime | None, zh: str, en: str
) -> None:
    with override("zh-hans"):
        assert words.instant(AT, CHINA, "short", now) == zh
    with override("en"):
        assert words.instant(AT, CHINA, "short", now) == en


def test_the_other_styles_do_not_ask_for_the_present() -> None:
    with override("en"):
        assert words.instant(AT, CHINA, "day") == words.instant(AT, CHINA, "day", AT) == "4 Mar 2022"
        assert words.instant(AT, CHINA, "clock") == "09:30"
        assert words.instant(AT, CHINA) == "4 Mar 2022, 09:30"


def test_a_day_of_the_calendar_is_said_like_any_other_day() -> None:
    page = Template("{% load ui %}{{ on|day }}{{ none|day }}")
    with override("zh-hans"):
        assert page.render(Context({"on": date(2022, 3, 4), "none": None})) == "2022年3月4日–"
    with override("en"):
        assert page.render(Context({"on": date(2022, 3, 4), "none": None})) == "4 Mar 2022–"
