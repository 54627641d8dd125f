"""Which field of a project a heading is for: proposed here, shown to a person, and kept as that person leaves it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .amounts import plain, unit_of
from .grid import BREAK

# What is read of a column: words, a sum of money, an area, a day, a number of degrees, or a key by one of its names.
KINDS: Mapping[str, str] = {
    "serial": "none", "code": "words", "name": "words", "kind": "key", "level": "key", "chain": "key",
    "about": "words", "where": "words", "longitude": "degrees", "latitude": "degrees", "land": "land",
    "unit": "key", "firm": "words", "sponsor": "key", "stage": "key", "planned": "money", "contracted": "money",
    "arrived": "money", "invested": "money",
}  # fmt: skip
PLAN = "plan:"  # with a stage's key behind it: the day on which that stage is planned to begin
_WORDS: Mapping[str, str] = {
    "serial": r"序号|序|no\.?|#",
    "code": r"项目(?:编号|编码|代码|赋码|统一代码)|编号|编码|code|projectcode",
    "name": r"项目名称|项目|项目全称|工程名称|名称|name|project|projectname",
    "kind": r"(?:项目|产业|行业|所属)?(?:类型|类别|分类)|所属(?:产业|行业|领域)|项目性质|kind",
    "level": r"(?:项目)?(?:级别|层级|等级)|level",
    "chain": r"(?:所属|归属)?(?:产业链|链条)(?:名称)?|chain",
    "about": r"(?:主要)?建设(?:内容|规模|规模及内容|内容及规模|规模和内容|内容和规模)|项目(?:概况|简介|内容)|about",
    "where": r"(?:项目)?(?:建设|实施|所在)?(?:地点|地址|位置|选址)|所在(?:镇街|镇街园区|园区|乡镇|地)|落户?地|where",
    "longitude": r"经度|longitude",
    "latitude": r"纬度|latitude",
    "land": r"(?:项目|计划|规划)?(?:占地|用地|占地面积|用地面积|用地规模|供地面积)|land.*",
    "unit": r"(?:第一)?(?:责任|牵头|主管|服务|包靠|包保|推进|申报|报送)(?:单位|部门)|责任主体"
    r"|(?:镇街|乡镇|镇街道|部门|县市?区|园区)(?:[/及和])?(?:单位|部门|园区)?|单位|unit",
    "firm": r"(?:项目|建设|投资|业主|承建|实施)(?:单位|主体|企业|方)(?:名称)?|企业名称|项目法人|投资方|enterprise",
    "sponsor": r"(?:包保|包靠|联系|责任|包联|分管|挂包|帮包)(?:县级|市级|区级)?领导|链长|sponsor",
    "stage": r"(?:项目|目前|当前|建设)?(?:所处|进展)?(?:阶段|状态)|stage",
    "planned": r"(?:项目|计划|概算|规划)?总投资(?:额|规模)?|计划投资总额|投资总额|planned.*",
    "contracted": r"(?:合同|签约)(?:引资|投资|利用外资)?(?:总?额|金额|资金)|contracted.*",
    "arrived": r"(?:实际|累计|已)?到位(?:资金|额|内资|投资)?|到资额?|arrived.*",
    "invested": r"(?:自开工|开工以来|至今)?(?:累计|已)?(?:完成|实际)投资(?:额)?|累计投资|invested.*",
}
_PATTERNS = {field: re.compile(words) for field, words in _WORDS.items()}
_WHOLE = frozenset({"合计", "小计", "总计", "总额", "金额", "数额", "名称", "时间", "日期", "计划"})
_TIMES = re.compile(r"时间|日期|节点|年月|时限|进度|安排|计划")
_DAY = r"(?:计划|预计|拟)?(?:实际)?(?:{name})(?:投产|建设|运营)?(?:时间|日期|节点|年月|时限)?"
_SAME = {
    "开工": "开工|开工建设|动工",
    "竣工": "竣工|完工|建成",
    "投产": "投产|建成投产|竣工投产",
    "签约": "签约|签订合同",
}


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is taken for: a field, "" for none, and the unit of its numbers where its field has one."""

    field: str = ""
    unit: str = ""


def kind_of(field: str) -> str:
    """What is read of a column: words, money, land, day, degrees, key or none."""
    return "day" if field.startswith(PLAN) else KINDS.get(field, "none")


class Recogniser:
    """Knows headings. `stages` are the rule-book's: each key with the names it goes by."""

    def __init__(self, stages: Mapping[str, Sequence[str]] = {}) -> None:
        self.days = {}
        for key, names in stages.items():
            words = "|".join(_alike(plain(name)) for name in names if name)
            self.days[PLAN + key] = re.compile(_DAY.format(name=words)) if words else re.compile("(?!)")

    def field(self, label: str) -> str:
        """The field a heading (its parts joined with BREAK) is for; "" for none that is known."""
        parts = [_bare(part) for part in label.split(BREAK)]
        leaf, above = parts[-1], parts[:-1]
        tries = [leaf] if leaf not in _WHOLE or not above else []
        if above:
            tries += [above[-1] + leaf] + ([above[-1]] if leaf in _WHOLE else [])
        for said in tries:
            for field, pattern in _PATTERNS.items():
                if pattern.fullmatch(said):
                    return field
            if field := self._day(said, "".join(parts)):
                return field
        return ""

    def _day(self, said: str, whole: str) -> str:
        """The stage whose planned day a heading is for; of two with a stroke between them the later one."""
        if _TIMES.search(whole) is None:
            return ""
        for one in reversed(said.split("/")):
            for field, pattern in self.days.items():
                if pattern.fullmatch(one):
                    return field
        return ""

    def columns(self, labels: Sequence[str], title: str = "") -> tuple[Column, ...]:
        """What is proposed for each heading; a field once, for the first heading that is for it."""
        taken: set[str] = set()
        found = []
        for label in labels:
            field = self.field(label)
            if field in taken:
                field = ""
            taken.add(field)
            what = kind_of(field)
            unit = ""
            if what in ("money", "land"):
                unit = next(
                    (one for part in reversed(label.split(BREAK)) if (one := unit_of(part, what))), ""
                )
                unit = unit or unit_of(title, what)
            found.append(Column(field, unit))
        return tuple(found)


def _alike(name: str) -> str:
    """What a stage may be called in a heading: its name, and the usual words for what its name speaks of."""
    return "|".join([re.escape(name), *(words for known, words in _SAME.items() if known in name)])


def _bare(part: str) -> str:
    """A heading's part without its unit, numbers of notes and signs."""
    said = re.sub(r"\([^()]*\)", "", plain(part))
    said = re.sub(r"^(?:其中[::]?|\d+[.、]|[*＊])", "", said)
    return re.sub(r"[::,,、。*]+$|[,、](?:单位)?[::]?(?:亿元|万元|元|亩|公顷)$", "", said)
