"""The page that goes along with a pack: what it is and how to recompute it, in both languages.

A pack is read by people who have no page of ours open and whose language nobody knows, so both are in it.
"""

from __future__ import annotations

from leitai.rules.scoring.packs import Pack

_TEXT = """# {place} · {arena} · {period} · edition {edition}

This pack holds one edition of a table with all that it was computed from. Anyone can compute it again, without a
database, without a network, and without trusting whoever published it.

    pip install leitai=={code}
    leitai table recompute FILE.zip

It says "identical, byte for byte", or what differs and where. The digest of this edition is

    {digest}

Compare it with the one on the table's page: if they are the same, the pack is of the table that was published.

| file | what it holds |
| --- | --- |
| spec.json | how the table is made: measures, weights, ways to points, rounding, confidence, whom it names |
| inputs.json | each unit's group and figures as they were frozen: value, n, standard error, target, state, source |
| result.json | every row: score, rank, the ranks it may truly have, names, and what the score is made of |
| regime.yaml | the rule-book that was in force (digest {regime}) |
| table.csv | the rows for reading in a spreadsheet |
| manifest.json | versions, and the SHA-256 of every file |

The three texts are hashed as they are: do not format them anew. The edition's digest is the SHA-256 of the canonical
JSON of {{"inputs": …, "result": …, "spec": …}} with the three texts as strings (keys sorted, no spaces, UTF-8).

---

# {place} · {arena} · {period} · 第 {edition} 版

本数据包是一张榜单的一个版本，连同算出它所用的全部材料。任何人都可以重新计算：不需要数据库，不需要网络，也不必相信发布者。

    pip install leitai=={code}
    leitai table recompute FILE.zip

程序会说“逐字节一致”，或者指出哪里不一致。本版本的摘要是

    {digest}

请与榜单页面上的摘要对照：相同，则本数据包就是已公布的那张榜单。

| 文件 | 内容 |
| --- | --- |
| spec.json | 榜单怎么算：指标、权重、计分办法、舍入、置信度、点名规则 |
| inputs.json | 冻结时各单位的分组和数据：数值、样本量、标准误、目标、状态、来源 |
| result.json | 每一行：得分、名次、可能的名次范围、是否点名、得分构成 |
| regime.yaml | 当时有效的规则书（摘要 {regime}） |
| table.csv | 可用电子表格打开的各行 |
| manifest.json | 版本号和每个文件的 SHA-256 |

三份文本按原样计算摘要，请勿重新排版。
"""


def readme(pack: Pack) -> str:
    """The page, in English and Chinese."""
    return _TEXT.format(
        place=pack.place,
        arena=pack.arena,
        period=pack.period,
        edition=pack.edition,
        code=pack.code,
        digest=pack.digest,
        regime=pack.regime,
    )
