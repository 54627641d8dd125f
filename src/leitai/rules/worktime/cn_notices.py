"""China's public holidays and make-up workdays, one entry per official notice, 2007 to 2026.

Each autumn or winter the General Office of the State Council issues a notice for the next year
(国务院办公厅关于…年部分节假日安排的通知, by telegram: 国办发明电); some years a later notice changed it
(2015 Victory Day, 2019 Labour Day, 2020 the longer Spring Festival). A notice for a year may name days in the
last week of the year before. The notices are published in the State Council Gazette (gov.cn/gongbao).

Source of the facts: the notices' texts and numbers; the date is the one under the text. Where copies of a
notice bear another date, that is its publication a day or so later. A weekend day that a notice merely lets
stand ("与周末连休") is not listed. To add a year, add a notice; nothing else changes.
"""

from __future__ import annotations

from datetime import date

from leitai.rules.kernel import Text

from .notices import Arrangement, Notice, days

_NEW_YEAR = Text(zh="元旦", en="New Year's Day")
_SPRING = Text(zh="春节", en="Spring Festival")
_TOMB = Text(zh="清明节", en="Tomb-Sweeping Day")
_LABOUR = Text(zh="劳动节", en="Labour Day")
_DRAGON = Text(zh="端午节", en="Dragon Boat Festival")
_MOON = Text(zh="中秋节", en="Mid-Autumn Festival")
_NATIONAL = Text(zh="国庆节", en="National Day")
_BOTH = Text(zh="国庆节、中秋节", en="National Day and Mid-Autumn Festival")
_VICTORY = Text(zh="抗战胜利70周年纪念日", en="70th anniversary of Victory Day")


def _notice(year: int, number: str, issued: str, *arrangements: tuple[Text, str, str]) -> Notice:
    """Days are written MM-DD of the notice's year, or in full for another year; `a..b` is a span."""
    return Notice(
        "CN",
        year,
        number,
        date.fromisoformat(issued),
        tuple(Arrangement(name, days(year, off), days(year, work)) for name, off, work in arrangements),
    )


NOTICES: tuple[Notice, ...] = (
    _notice(
        2007, "国办发明电〔2006〕49号", "2006-12-14",
        (_NEW_YEAR, "01-01..01-03", "2006-12-30 2006-12-31"),
        (_SPRING, "02-18..02-24", "02-17 02-25"),
        (_LABOUR, "05-01..05-07", "04-28 04-29"),
        (_NATIONAL, "10-01..10-07", "09-29 09-30"),
    ),
    _notice(
        2008, "国办发明电〔2007〕52号", "2007-12-15",
        (_NEW_YEAR, "2007-12-30..01-01", "2007-12-29"),
        (_SPRING, "02-06..02-12", "02-02 02-03"),
        (_TOMB, "04-04..04-06", ""),
        (_LABOUR, "05-01..05-03", "05-04"),
        (_DRAGON, "06-07..06-09", ""),
        (_MOON, "09-13..09-15", ""),
        (_NATIONAL, "09-29..10-05", "09-27 09-28"),
    ),
    _notice(
        2009, "国办发明电〔2008〕42号", "2008-12-04",
        (_NEW_YEAR, "01-01..01-03", "01-04"),
        (_SPRING, "01-25..01-31", "01-24 02-01"),
        (_TOMB, "04-04..04-06", ""),
        (_LABOUR, "05-01..05-03", ""),
        (_DRAGON, "05-28..05-30", "05-31"),
        (_BOTH, "10-01..10-08", "09-27 10-10"),
    ),
    _notice(
        2010, "国办发明电〔2009〕27号", "2009-12-07",
        (_NEW_YEAR, "01-01..01-03", ""),
        (_SPRING, "02-13..02-19", "02-20 02-21"),
        (_TOMB, "04-03..04-05", ""),
        (_LABOUR, "05-01..05-03", ""),
        (_DRAGON, "06-14..06-16", "06-12 06-13"),
        (_MOON, "09-22..09-24", "09-19 09-25"),
        (_NATIONAL, "10-01..10-07", "09-26 10-09"),
    ),
    _notice(
        2011, "国办发明电〔2010〕40号", "2010-12-09",
        (_NEW_YEAR, "01-01..01-03", ""),
        (_SPRING, "02-02..02-08", "01-30 02-12"),
        (_TOMB, "04-03..04-05", "04-02"),
        (_LABOUR, "04-30..05-02", ""),
        (_DRAGON, "06-04..06-06", ""),
        (_MOON, "09-10..09-12", ""),
        (_NATIONAL, "10-01..10-07", "10-08 10-09"),
    ),
    _notice(
        2012, "国办发明电〔2011〕45号", "2011-12-05",
        (_NEW_YEAR, "01-01..01-03", "2011-12-31"),
        (_SPRING, "01-22..01-28", "01-21 01-29"),
        (_TOMB, "04-02..04-04", "03-31 04-01"),
        (_LABOUR, "04-29..05-01", "04-28"),
        (_DRAGON, "06-22..06-24", ""),
        (_BOTH, "09-30..10-07", "09-29"),
    ),
    _notice(
        2013, "国办发明电〔2012〕33号", "2012-12-08",
        (_NEW_YEAR, "01-01..01-03", "01-05 01-06"),
        (_SPRING, "02-09..02-15", "02-16 02-17"),
        (_TOMB, "04-04..04-06", "04-07"),
        (_LABOUR, "04-29..05-01", "04-27 04-28"),
        (_DRAGON, "06-10..06-12", "06-08 06-09"),
        (_MOON, "09-19..09-21", "09-22"),
        (_NATIONAL, "10-01..10-07", "09-29 10-12"),
    ),
    _notice(
        2014, "国办发明电〔2013〕28号", "2013-12-11",
        (_NEW_YEAR, "01-01", ""),
        (_SPRING, "01-31..02-06", "01-26 02-08"),
        (_TOMB, "04-05 04-07", ""),
        (_LABOUR, "05-01..05-03", "05-04"),
        (_DRAGON, "06-02", ""),
        (_MOON, "09-08", ""),
        (_NATIONAL, "10-01..10-07", "09-28 10-11"),
    ),
    _notice(
        2015, "国办发明电〔2014〕28号", "2014-12-16",
        (_NEW_YEAR, "01-01..01-03", "01-04"),
        (_SPRING, "02-18..02-24", "02-15 02-28"),
        (_TOMB, "04-05 04-06", ""),
        (_LABOUR, "05-01", ""),
        (_DRAGON, "06-20 06-22", ""),
        (_MOON, "09-27", ""),
        (_NATIONAL, "10-01..10-07", "10-10"),
    ),
    # Issued by the State Council itself, hence 国发 and not 国办发.
    _notice(2015, "国发明电〔2015〕1号", "2015-05-13", (_VICTORY, "09-03..09-05", "09-06")),
    _notice(
        2016, "国办发明电〔2015〕18号", "2015-12-10",
        (_NEW_YEAR, "01-01", ""),
        (_SPRING, "02-07..02-13", "02-06 02-14"),
        (_TOMB, "04-04", ""),
        (_LABOUR, "05-01 05-02", ""),
        (_DRAGON, "06-09..06-11", "06-12"),
        (_MOON, "09-15..09-17", "09-18"),
        (_NATIONAL, "10-01..10-07", "10-08 10-09"),
    ),
    _notice(
        2017, "国办发明电〔2016〕17号", "2016-12-01",
        (_NEW_YEAR, "01-01 01-02", ""),
        (_SPRING, "01-27..02-02", "01-22 02-04"),
        (_TOMB, "04-02..04-04", "04-01"),
        (_LABOUR, "05-01", ""),
        (_DRAGON, "05-28..05-30", "05-27"),
        (_BOTH, "10-01..10-08", "09-30"),
    ),
    _notice(
        2018, "国办发明电〔2017〕12号", "2017-11-30",
        (_NEW_YEAR, "01-01", ""),
        (_SPRING, "02-15..02-21", "02-11 02-24"),
        (_TOMB, "04-05..04-07", "04-08"),
        (_LABOUR, "04-29..05-01", "04-28"),
        (_DRAGON, "06-18", ""),
        (_MOON, "09-24", ""),
        (_NATIONAL, "10-01..10-07", "09-29 09-30"),
    ),
    _notice(
        2019, "国办发明电〔2018〕15号", "2018-12-04",
        (_NEW_YEAR, "2018-12-30..01-01", "2018-12-29"),
        (_SPRING, "02-04..02-10", "02-02 02-03"),
        (_TOMB, "04-05", ""),
        (_LABOUR, "05-01", ""),
        (_DRAGON, "06-07", ""),
        (_MOON, "09-13", ""),
        (_NATIONAL, "10-01..10-07", "09-29 10-12"),
    ),
    _notice(2019, "国办发明电〔2019〕3号", "2019-03-22", (_LABOUR, "05-01..05-04", "04-28 05-05")),
    _notice(
        2020, "国办发明电〔2019〕16号", "2019-11-21",
        (_NEW_YEAR, "01-01", ""),
        (_SPRING, "01-24..01-30", "01-19 02-01"),
        (_TOMB, "04-04..04-06", ""),
        (_LABOUR, "05-01..05-05", "04-26 05-09"),
        (_DRAGON, "06-25..06-27", "06-28"),
        (_BOTH, "10-01..10-08", "09-27 10-10"),
    ),
    # Names only the new end; that 1 February is no longer worked follows from it.
    _notice(2020, "国办发明电〔2020〕1号", "2020-01-26", (_SPRING, "01-24..02-02", "01-19")),
    _notice(
        2021, "国办发明电〔2020〕27号", "2020-11-25",
        (_NEW_YEAR, "01-01..01-03", ""),
        (_SPRING, "02-11..02-17", "02-07 02-20"),
        (_TOMB, "04-03..04-05", ""),
        (_LABOUR, "05-01..05-05", "04-25 05-08"),
        (_DRAGON, "06-12..06-14", ""),
        (_MOON, "09-19..09-21", "09-18"),
        (_NATIONAL, "10-01..10-07", "09-26 10-09"),
    ),
    _notice(
        2022, "国办发明电〔2021〕11号", "2021-10-25",
        (_NEW_YEAR, "01-01..01-03", ""),
        (_SPRING, "01-31..02-06", "01-29 01-30"),
        (_TOMB, "04-03..04-05", "04-02"),
        (_LABOUR, "04-30..05-04", "04-24 05-07"),
        (_DRAGON, "06-03..06-05", ""),
        (_MOON, "09-10..09-12", ""),
        (_NATIONAL, "10-01..10-07", "10-08 10-09"),
    ),
    _notice(
        2023, "国办发明电〔2022〕16号", "2022-12-08",
        (_NEW_YEAR, "2022-12-31..01-02", ""),
        (_SPRING, "01-21..01-27", "01-28 01-29"),
        (_TOMB, "04-05", ""),
        (_LABOUR, "04-29..05-03", "04-23 05-06"),
        (_DRAGON, "06-22..06-24", "06-25"),
        (_BOTH, "09-29..10-06", "10-07 10-08"),
    ),
    _notice(
        2024, "国办发明电〔2023〕7号", "2023-10-25",
        (_NEW_YEAR, "01-01", ""),
        (_SPRING, "02-10..02-17", "02-04 02-18"),
        (_TOMB, "04-04..04-06", "04-07"),
        (_LABOUR, "05-01..05-05", "04-28 05-11"),
        (_DRAGON, "06-10", ""),
        (_MOON, "09-15..09-17", "09-14"),
        (_NATIONAL, "10-01..10-07", "09-29 10-12"),
    ),
    _notice(
        2025, "国办发明电〔2024〕12号", "2024-11-12",
        (_NEW_YEAR, "01-01", ""),
        (_SPRING, "01-28..02-04", "01-26 02-08"),
        (_TOMB, "04-04..04-06", ""),
        (_LABOUR, "05-01..05-05", "04-27"),
        (_DRAGON, "05-31..06-02", ""),
        (_BOTH, "10-01..10-08", "09-28 10-11"),
    ),
    _notice(
        2026, "国办发明电〔2025〕7号", "2025-11-04",
        (_NEW_YEAR, "01-01..01-03", "01-04"),
        (_SPRING, "02-15..02-23", "02-14 02-28"),
        (_TOMB, "04-04..04-06", ""),
        (_LABOUR, "05-01..05-05", "05-09"),
        (_DRAGON, "06-19..06-21", ""),
        (_MOON, "09-25..09-27", ""),
        (_NATIONAL, "10-01..10-07", "09-20 10-10"),
    ),
)  # fmt: skip
