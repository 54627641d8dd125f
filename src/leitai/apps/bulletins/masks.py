"""Persons are masked: names, telephone numbers, numbers of identity cards, addresses of mail.

A name is found where it is known (accounts and officials of the place), and where the words around it say that one
stands there. That finds most and not all, so a bulletin is read by two people before anyone else reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SOMEONE_ZH, SOMEONE_EN = "某某", "N. N."
_SURNAMES = (
    "(?:(?<!主)任|欧阳|司马|上官|诸葛|皇甫|慕容|夏侯|"
    "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚庞樊殷施陶洪翟颜倪严牛温季俞章鲁葛韦尤毕聂焦"
    "柳邢路岳齐梅莫庄辛管祝左谷祁耿牟詹苗凌费纪靳童欧甄项曲游裴席屈鲍覃霍隋甘单柯阮桂闵])"
)
_TITLES = (
    "局长|副局长|主任|副主任|科长|副科长|处长|副处长|书记|镇长|县长|市长|区长|乡长|队长|所长|站长|经理|同志|先生|女士|老师|"
    "科员|干事|师傅"
)
_ROLES = (
    "工作人员|当事人|经办人|责任人|负责人|反映人|举报人|投诉人|办事员|窗口人员|值班人员|受理人|联系人|"
    "群众|市民|居民|村民|企业主"
)
# No letter of a given name: what ends the name of a body, so that 高新区区长 is no person called 高新区.
_GIVEN = r"(?![区县市省局镇乡街办院校部委厅站所队厂店村社会组的在称说贴日月年时有无已])[\u4e00-\u9fff]"
_PATTERNS = (
    # A surname and up to two more letters before a title.
    (re.compile(rf"{_SURNAMES}(?:{_GIVEN}){{0,2}}(?=(?:{_TITLES}))"), SOMEONE_ZH),
    # After a word for who somebody is.
    (
        re.compile(rf"((?:{_ROLES})[：:]?)(?![于何时方常万曾单]){_SURNAMES}(?:{_GIVEN}){{1,2}}"),
        rf"\g<1>{SOMEONE_ZH}",
    ),
    (
        re.compile(r"\b(Mr|Mrs|Ms|Dr|Director|Comrade)\.? [A-Z][a-z]+(?: [A-Z][a-z]+)?"),
        rf"\g<1> {SOMEONE_EN}",
    ),
)
_NUMBERS = (
    re.compile(r"(?<![0-9])[1-9]\d{5}(?:18|19|20)\d{9}[0-9Xx](?![0-9Xx])"),  # identity card: 18 characters
    re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"),  # mobile telephone
    re.compile(r"(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)"),  # telephone with its area
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def masked(text: str, names: Iterable[str] = ()) -> str:
    """A text with persons masked: `names` wherever they stand, and whatever looks like a person's name or number."""
    for name in sorted({one.strip() for one in names if len(one.strip()) > 1}, key=len, reverse=True):
        instead = SOMEONE_EN if name.isascii() else SOMEONE_ZH
        whole = rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(name)
        text = re.sub(whole, instead, text)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    for pattern in _NUMBERS:
        text = pattern.sub(lambda found: re.sub(r"[0-9Xx]", "*", found[0]), text)
    return _MAIL.sub("***", text)
