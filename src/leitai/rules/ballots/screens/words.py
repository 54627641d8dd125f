"""A4: the same words again and again at one unit, as answers dictated or paid for are.

Two texts are alike where most of their runs of three letters are the same (Jaccard's index, 1901), after
case, width, spaces and punctuation are taken away. Texts of a few words are left out: "very good" is no
plot. Some texts have many likes and most have none: how many of its unit's other texts are like a text is
taken to be beta-binomial, fitted to all texts of the place. That is looked at twice, with all texts, and
without the stock phrases that stand at several units.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from leitai.rules.kernel import N_

from .fits import Judgement, Mask, outliers, share_of
from .inputs import Texts
from .leads import Evidence, Lead, line_of, ordered, score_of
from .tails import Counts, share_tail

SHORTEST = 12  # letters; shorter texts are alike by nature
ALIKE = 0.5  # the share of runs of three in common from which two texts are alike
_CLASSES = 1024  # of runs: two different ones fall into the same class once in a thousand
_FEWEST = 4  # texts alike, below which nothing is said
_STOCK = 3  # units at which the same letters stand, from which they are a stock phrase
_LOOKS = 2
_MOST = 2000  # texts of one unit that are compared, the last ones: every one with every other
_BLOCK = 64

_SAME = N_(
    "Texts with nearly the same words: %(seen)s of the unit's %(texts)s, where about %(expected)s of one kind "
    "are usual. Answers may be dictated; people copy each other too. Read them."
)


def words(texts: Texts, alarm: float = 0.05) -> tuple[Lead, ...]:
    """Units with far more texts of one kind than is usual; at most one lead for each unit.

    The lead tells where the texts are, not what they say: words are sealed.
    """
    plain = [tidy(text) for text in texts.text]
    long = np.array([len(text) >= SHORTEST for text in plain], dtype=bool)
    leads = [
        *_leads(texts, plain, np.flatnonzero(long), alarm),
        *_leads(texts, plain, np.flatnonzero(long & _own(plain, texts.unit)), alarm),
    ]
    best: dict[str, Lead] = {}
    for lead in ordered(leads):
        best.setdefault(lead.unit, lead)
    return tuple(best.values())


def _leads(texts: Texts, plain: Sequence[str], used: Counts, alarm: float) -> list[Lead]:
    for one in np.flatnonzero(np.bincount(texts.unit[used], minlength=1) > _MOST).tolist():
        mine = np.flatnonzero(texts.unit[used] == one)
        used = np.delete(used, mine[:-_MOST])
    unit = texts.unit[used]
    many = np.bincount(unit, minlength=len(texts.units))
    mates = np.maximum(many - 1, 0)
    likes = np.zeros(len(used), dtype=np.int64)
    most = np.zeros(len(texts.units), dtype=np.int64)
    for one in np.flatnonzero(mates).tolist():
        mine = np.flatnonzero(unit == one)
        likes[mine] = [row.sum() - 1 for row in likeness([plain[index] for index in used[mine]])]
        most[one] = likes[mine].max()
    line = line_of(alarm, _LOOKS, int(many[mates > 0].sum()))  # each text could have been the one liked most

    def judged(peers: Mask) -> Judgement:
        among = peers[unit]
        share, same = share_of(likes[among].astype(float), mates[unit[among]].astype(float))
        expected = share * mates.astype(float)
        p = np.ones(len(mates))
        for one in np.flatnonzero((most + 1 >= _FEWEST) & (most > expected)).tolist():
            p[one] = share_tail(int(most[one]), int(mates[one]), share, same, above=True, close=line)
        return p, expected, expected * (1 - share) * (1 + np.maximum(mates - 1, 0) * same)

    p, expected = outliers(judged, most, mates > 0, line, above=True)
    found = []
    for one in np.flatnonzero(p <= line).tolist():
        mine = np.flatnonzero(unit == one)
        rows = likeness([plain[index] for index in used[mine]])
        kind = next(row for row, liked in zip(rows, likes[mine], strict=True) if liked == most[one])
        values = {"seen": int(kind.sum()), "texts": len(mine), "expected": round(float(expected[one]) + 1, 1)}
        where, chance = (Evidence.of("texts", used[mine[kind]]),), float(p[one])
        score = score_of(chance, line)
        name = texts.units[one]
        found.append(Lead("words", "words-same", name, None, texts.last, chance, score, _SAME, values, where))
    return found


def _own(plain: Sequence[str], unit: Counts) -> Mask:
    """The texts that are no stock phrase: the same letters do not stand at two other units."""
    at: dict[str, set[int]] = {}
    for text, one in zip(plain, unit.tolist(), strict=True):
        at.setdefault(text, set()).add(one)
    return np.array([len(at[text]) < _STOCK for text in plain], dtype=bool)


def tidy(text: str) -> str:
    """The letters and digits of a text, narrow and in lower case."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def likeness(plain: Sequence[str]) -> Iterator[NDArray[np.bool_]]:
    """For each tidy text of three letters or more, which of the texts are like it, itself among them."""
    runs = np.zeros((len(plain), _CLASSES), dtype=bool)
    for row, text in enumerate(plain):
        codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
        mixed = codes[:-2] * 0x9E3779B1 + codes[1:-1] * 0x85EBCA6B + codes[2:] * 0xC2B2AE35
        runs[row, (mixed ^ mixed >> np.uint64(15)) % _CLASSES] = True
    bits = np.packbits(runs, axis=1).view(np.uint64)
    size = runs.sum(axis=1)
    for start in range(0, len(plain), _BLOCK):
        block = slice(start, start + _BLOCK)
        common = np.bitwise_count(bits[block, None] & bits).sum(axis=2, dtype=np.int64)
        yield from common >= ALIKE * (size[block, None] + size - common)
