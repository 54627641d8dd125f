"""Words that say nothing, as they are typed to stop a clock or to close a matter on paper.

A text made only of such phrases, in any order and with any punctuation, says nothing either. The lists
hold what reply boxes of hotlines and help-desks are full of; a phrase belongs here only if no honest
reply could be just it.
"""

from __future__ import annotations

import re
import unicodedata

_CHINESE = """
收到 已收到 收悉 已收悉 已阅 阅 知悉 已知悉 知道了 好 好的 是 是的 嗯 行 可以 同意 谢谢 感谢
感谢反映 感谢您的反映 您好 你好 请稍等 稍等 请等待 请耐心等待 正在处理 处理中 正在处理中
正在办理 办理中 正在办理中 正在核实 核实中 正在研究 研究中 正在跟进 跟进中 正在协调 协调中
正在推进 已转办 已转交 转相关部门 尽快 尽快处理 尽快办理 尽快解决 会尽快处理 我们会尽快处理
我们将尽快处理 马上 马上处理 立即处理 近期 抓紧办理 抓紧处理 已处理 已办 已办好 已办理 已办结 已解决
已完成 已整改 整改完毕 已整改完毕 已核实 属实 情况属实 不属实 情况不属实 已落实 已回复 已答复
完成 办结 解决 有关部门 相关部门 相关科室 有关人员 相关人员 专人 本单位 我们 待定 待办 无 没有
暂无 同上 略 测试
"""
_ENGLISH = """
ok, okay, yes, no, noted, received, roger, done, fixed, solved, resolved, completed, closed, fine
thanks, thank you, hello, hi, test, in progress, processing, in process, working on it, pending
we are working on it, under review, under way, underway, will do, will follow up, follow up
following up, asap, soon, shortly, later, as soon as possible, tbd, tba, tbc, na, n a, none, nil
see above, same as above, it is done, it has been done, all done, looking into it, please wait
we are looking into it, the relevant department, relevant department, us, we, staff, someone
"""
_ONLY_ENGLISH = frozenset("".join(one.split()) for line in _ENGLISH.splitlines() for one in line.split(","))
# Possessive, longest first: one pass, whatever is typed.
_ONLY_CHINESE = re.compile(f"(?:{'|'.join(sorted(_CHINESE.split(), key=len, reverse=True))})++")
_BREAKS = re.compile(r"[^\w\s]+|[_\n]+")


def says_nothing(text: str) -> bool:
    """Whether a text is empty or made only of phrases that say nothing.

    >>> says_nothing("收到，正在处理，谢谢！"), says_nothing("收到，张明今天下午到现场"), says_nothing("O.K.")
    (True, False, True)
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    if _empty_words("".join(_BREAKS.sub(" ", plain).split())):
        return True
    return all(
        _empty_words("".join(piece.split())) or all(_empty_words(word) for word in piece.split())
        for piece in _BREAKS.split(plain)
    )


def _empty_words(text: str) -> bool:
    """Whether a text without spaces is only known phrases, or one letter over and over."""
    if not text or text in _ONLY_ENGLISH or _ONLY_CHINESE.fullmatch(text):
        return True
    return len(set(text)) == 1 and len(text) != 2 and not text.isdigit()
