"""What the people of a simulated year say: enough different sentences that no two matters are told alike."""

from __future__ import annotations

import random
from io import BytesIO

from PIL import Image

from leitai.rules.kernel import Text

_WHO = (
    ("张", "Zhang"),
    ("王", "Wang"),
    ("李", "Li"),
    ("赵", "Zhao"),
    ("刘", "Liu"),
    ("陈", "Chen"),
    ("杨", "Yang"),
)
_WHAT = (
    ("路灯", "the lamp"), ("井盖", "the manhole"), ("供水管", "the water pipe"), ("施工围挡", "the hoarding"),
    ("排烟口", "the flue"), ("垃圾点", "the waste point"), ("停车位", "the parking bays"), ("台阶", "the steps"),
    ("公示栏", "the notice board"), ("办事指南", "the guide to the service"), ("临时用电", "the temporary supply"),
    ("验收材料", "the papers of acceptance"), ("进场道路", "the access road"), ("招工信息", "the vacancies"),
)  # fmt: skip
_DID = (
    ("更换", "replaced"), ("修复", "repaired"), ("清理", "cleared"), ("补齐", "made complete"), ("公开", "published"),
    ("调整", "rearranged"), ("加固", "made firm"), ("重新核对", "checked anew"),
)  # fmt: skip
_WHY = (
    ("到现场看，仍有{n}处没有做完", "seen on the spot: {n} places are still not done"),
    ("照片与地点对不上，第{n}张不是这里", "the photos are not of this place, number {n} is of another"),
    ("群众回访说只修了{n}天又坏了", "called back, the reporter says that it held for {n} days"),
    ("材料缺第{n}项，没有责任人签字", "paper number {n} is missing, nobody in charge has signed"),
)
_CAUSES = (
    (
        "承办人{who}休假，交接漏了第{n}项",
        "{who}, who carries it, was on leave, and item {n} was not handed over",
    ),
    ("等材料到货用了{n}天，已补办", "{n} days were spent waiting for the material; it is done now"),
    ("两个科室分工不清，已明确由{who}负责", "two sections were unclear about it; {who} is in charge now"),
)
_SAID = (
    ("窗口排队{n}分钟没人管", "queued for {n} minutes and nobody cared"),
    ("同样的材料交了{n}次", "handed in the same papers {n} times"),
    ("打了{n}个电话都说找别人", "called {n} times, and each said to ask another"),
    ("说好{n}天办完，一直没消息", "was told {n} days and heard nothing since"),
)


def _text(pair: tuple[str, str], **values: object) -> Text:
    return Text(zh=pair[0].format(**values), en=pair[1].format(**values))


def who(rng: random.Random) -> Text:
    """Somebody of a unit, by a family name and a number."""
    zh, en = rng.choice(_WHO)
    n = rng.randint(1, 60)
    return Text(zh=f"{zh}工{n:02d}", en=f"{en} {n:02d}")


def matter(rng: random.Random) -> Text:
    """What something is about, and where."""
    zh, en = rng.choice(_WHAT)
    street, number = rng.randint(1, 80), rng.randint(1, 240)
    return Text(zh=f"样例{street}路{number}号{zh}", en=f"{en}, {number} Sample Road {street}")


def spot(rng: random.Random) -> Text:
    """Where something is."""
    street, number = rng.randint(1, 400), rng.randint(1, 240)
    return Text(zh=f"样例{street}路{number}号", en=f"{number} Sample Road {street}")


def done(rng: random.Random, ref: str) -> Text:
    """What was done about a matter, so that another person could check it."""
    first, second = rng.sample(_WHAT, 2)
    one, other = rng.sample(_DID, 2)
    n, m, days = rng.randint(2, 48), rng.randint(2, 9), rng.randint(1, 12)
    by, paper = who(rng), rng.randint(100, 999)
    return Text(
        zh=f"{ref}由{by.zh}牵头，{days}天内{one[0]}{first[0]}{n}处、{other[0]}{second[0]}{m}处，"
        f"留有第{paper}号记录",
        en=f"{ref}: {by.en} {one[1]} {first[1]} in {n} places and {other[1]} {second[1]} in {m} within {days} days, "
        f"kept as record {paper}",
    )


def step(rng: random.Random) -> Text:
    """What will be done next."""
    zh, en = rng.choice(_WHAT)
    n = rng.randint(2, 30)
    return Text(zh=f"先查看{zh}，列{n}项清单逐项处理", en=f"look at {en} first, then work off a list of {n}")


def fault(rng: random.Random) -> Text:
    """Why something is sent back."""
    return _text(rng.choice(_WHY), n=rng.randint(2, 9))


def cause(rng: random.Random) -> Text:
    """Why something was late or wrong, as the one concerned tells it."""
    pair = rng.choice(_CAUSES)
    by = who(rng)
    n = rng.randint(2, 15)
    return Text(zh=pair[0].format(who=by.zh, n=n), en=pair[1].format(who=by.en, n=n))


def complaint(rng: random.Random) -> Text:
    """What a citizen adds to a bad verdict."""
    return _text(rng.choice(_SAID), n=rng.randint(2, 40))


def photo(rng: random.Random) -> bytes:
    """A picture like no other, as a telephone would send it."""
    grain = Image.frombytes("RGB", (8, 6), rng.randbytes(144))
    out = BytesIO()
    grain.resize((96, 72)).save(out, "JPEG", quality=70)
    return out.getvalue()
