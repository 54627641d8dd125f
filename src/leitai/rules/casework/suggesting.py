"""Which unit a text most likely goes to, learned from where the place sent its texts before.

An office that dispatches has done so thousands of times. A naive Bayes over the words and runs of letters of a text
(multinomial; McCallum and Nigam 1998) learns it in one pass, forgets nothing and can be read: each word counts for the
units it went to. Its fault is that it counts the same evidence many times over and is far too sure. So the evidence is
weighed by `trust`, and by how many words there are (`power`), both fitted on the newest fifth of what is learned from;
what it says after that is a share that can be held to: of the texts it is 80 % sure of, about 80 in 100 go there.
Under FLOOR it says nothing. A worked table: docs/methods/dispatch-suggestion.md.

>>> texts = ["street light is out", "pothole in the road", "light flickers", "road has a pothole"] * 25
>>> model = learn(texts, ["power", "roads", "power", "roads"] * 25)
>>> [one.label for one in suggest(model, ["pothole near the school"])[0]]
['roads']
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .likeness import code_points, runs

Numbers = NDArray[np.int64]
Shares = NDArray[np.float64]

FEWEST = 100  # cases, below which nothing is learned
FLOOR = 0.5  # confidence of the first suggestion, below which nothing is said
LEAST = 0.05  # of a further one, below which it is left out
MOST = 3
LONGEST = 2000  # letters of a text that are read
_HELD = 0.2  # the newest share of what is learned from, by which trust and power are fitted
_BATCH = 1000
_RUNS = (2, 3, 4)
_WORD = re.compile(r"\w+")
_SMOOTH = (1.0, 0.1, 0.01)
_POWER = (0.5, 1.0)
_TRUST = tuple(np.geomspace(0.02, 20, 25).tolist())


@dataclass(frozen=True)
class Model:
    """What was learned. A feature is the 32-bit hash of a word or a run of letters.

    `labels` (C of them, sorted) with the number of texts of each in `seen` (C). `features` (V, sorted) with, for each,
    the labels it was `at` and how `often`, in how many texts: the entries from `starts[v]` to `starts[v + 1]`.
    """

    labels: tuple[str, ...]
    seen: Numbers
    features: NDArray[np.uint32]
    starts: Numbers
    at: Numbers
    often: Numbers
    smooth: float = 1.0
    power: float = 0.5
    trust: float = 1.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A label and how sure it is, 0 to 1."""

    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Of the texts with a confidence in one tenth: from where, how many, the mean confidence, the share right."""

    low: float
    n: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Measured:
    """How a model did on `tested` texts that it had not seen.

    `first` and `three` count those where the label is the surest, or among the three surest, whether or not they would
    be said. `spoken` counts those where something is said, `right` those of them where the surest is the label.
    `majority` counts those right if the commonest label were always said: the floor under any such figure.
    """

    tested: int
    first: int
    three: int
    spoken: int
    right: int
    majority: int
    bins: tuple[Bin, ...]


def learn(texts: Sequence[str], labels: Sequence[str]) -> Model:
    """The model of texts, the oldest first, and where each went. Raises ValueError for fewer than FEWEST."""
    if len(texts) < FEWEST or len(texts) != len(labels):
        raise ValueError(f"learning takes {FEWEST} texts at least, each with its label")
    names = tuple(sorted(set(labels)))
    number = {name: place for place, name in enumerate(names)}
    answers = np.array([number[name] for name in labels], dtype=np.int64)
    known: dict[str, NDArray[np.uint32]] = {}
    parts = [_features(text, known) for text in texts]
    cut = len(texts) - int(len(texts) * _HELD)
    weighed = _weighed(_counted(names, parts[:cut], answers[:cut]), parts[cut:], answers[cut:])
    whole = _counted(names, parts, answers)
    return replace(whole, smooth=weighed.smooth, power=weighed.power, trust=weighed.trust)


def confidences(model: Model, texts: Sequence[str]) -> Shares:
    """For each text, the chance of each label (n × C); what no word tells of gets the labels' own shares."""
    known: dict[str, NDArray[np.uint32]] = {}
    evidence, sizes = _evidence(model, [_features(text, known) for text in texts])
    return _chances(model, evidence, sizes)


def suggest(model: Model, texts: Sequence[str]) -> list[tuple[Suggestion, ...]]:
    """For each text, the surest labels first, three at most; none where the first is not sure enough."""
    found: list[tuple[Suggestion, ...]] = []
    for chances in _batches(model, texts):
        order = np.argsort(-chances, axis=1, kind="stable")[:, :MOST]
        for row, best in zip(chances, order, strict=True):
            said = [Suggestion(model.labels[one], float(row[one])) for one in best if row[one] >= LEAST]
            found.append(tuple(said) if row[best[0]] >= FLOOR else ())
    return found


def measure(model: Model, texts: Sequence[str], labels: Sequence[str]) -> Measured:
    """How often the model is right on texts that came after those it learned from. A label it never saw is a miss."""
    number = {name: place for place, name in enumerate(model.labels)}
    truth = np.array([number.get(name, -1) for name in labels], dtype=np.int64)
    sure, first, three = [np.zeros(0)], [np.zeros(0, dtype=bool)], [np.zeros(0, dtype=bool)]
    for batch, chances in enumerate(_batches(model, texts)):
        wanted = truth[batch * _BATCH :][: len(chances), None]
        hits = np.argsort(-chances, axis=1, kind="stable")[:, :MOST] == wanted
        sure.append(chances.max(axis=1))
        first.append(hits[:, 0])
        three.append(hits.any(axis=1))
    confidence, hit, among = np.concatenate(sure), np.concatenate(first), np.concatenate(three)
    spoken = confidence >= FLOOR
    tenth = np.minimum((confidence * 10).astype(np.int64), 9)
    bins = tuple(
        Bin(
            one / 10,
            int((tenth == one).sum()),
            float(confidence[tenth == one].mean()),
            float(hit[tenth == one].mean()),
        )
        for one in np.unique(tenth).tolist()
    )
    return Measured(
        len(truth),
        int(hit.sum()),
        int(among.sum()),
        int(spoken.sum()),
        int(hit[spoken].sum()),
        int((truth == int(model.seen.argmax())).sum()),
        bins,
    )


def _batches(model: Model, texts: Sequence[str]) -> Iterator[Shares]:
    for start in range(0, len(texts), _BATCH):
        yield confidences(model, texts[start : start + _BATCH])


def _features(text: str, known: dict[str, NDArray[np.uint32]]) -> NDArray[np.uint32]:
    """The hashes of a text's words and of their runs of two to four letters, each once; those of `known` are kept."""
    found = known.get(text)
    if found is None:
        words = _WORD.findall(unicodedata.normalize("NFKC", text[:LONGEST]).casefold())
        codes = code_points(f" {' '.join(words)} ")
        whole = np.array([zlib.crc32(word.encode("utf-8", "replace")) for word in words], dtype=np.uint32)
        found = known[text] = np.unique(np.concatenate([whole, *(runs(codes, length) for length in _RUNS)]))
    return found


def _counted(names: tuple[str, ...], parts: Sequence[NDArray[np.uint32]], answers: Numbers) -> Model:
    """In how many texts of each label each feature stands."""
    sizes = [len(part) for part in parts]
    features, which = np.unique(np.concatenate(parts), return_inverse=True)
    pairs, often = np.unique(which * len(names) + np.repeat(answers, sizes), return_counts=True)
    starts = np.searchsorted(pairs, np.arange(len(features) + 1) * len(names))
    seen = np.bincount(answers, minlength=len(names))
    return Model(names, seen, features, starts, pairs % len(names), often)


def _weighed(model: Model, parts: Sequence[NDArray[np.uint32]], answers: Numbers) -> Model:
    """The model with the smoothing, power and trust under which what came after was least surprising."""
    best, least = model, np.inf
    for smooth in _SMOOTH:
        tried = replace(model, smooth=smooth)
        evidence, sizes = _evidence(tried, parts)
        for power in _POWER:
            for trust in _TRUST:
                tried = replace(tried, power=power, trust=trust)
                chances = _chances(tried, evidence, sizes)[np.arange(len(answers)), answers]
                surprise = float(-np.log(np.maximum(chances, 1e-9)).mean())
                if surprise < least:
                    best, least = tried, surprise
    return best


def _evidence(model: Model, parts: Sequence[NDArray[np.uint32]]) -> tuple[Shares, Numbers]:
    """For each text, the log-likelihood under each label (n × C) and how many of its features are known (n)."""
    mass = np.bincount(model.at, weights=model.often, minlength=len(model.labels))
    base = np.log(model.smooth) - np.log(mass + model.smooth * len(model.features))
    worth = np.log(model.often + model.smooth) - np.log(model.smooth)
    evidence = np.zeros((len(parts), len(model.labels)))
    sizes = np.zeros(len(parts), dtype=np.int64)
    done: dict[int, int] = {}  # texts that are the same share their features, and what those tell
    for row, part in enumerate(parts):
        twin = done.setdefault(id(part), row)
        if twin != row:
            evidence[row], sizes[row] = evidence[twin], sizes[twin]
            continue
        found = np.minimum(np.searchsorted(model.features, part), len(model.features) - 1)
        found = found[model.features[found] == part]
        spans = [np.arange(model.starts[one], model.starts[one + 1]) for one in found]
        entries = np.concatenate([np.zeros(0, dtype=np.int64), *spans])
        told = np.bincount(model.at[entries], weights=worth[entries], minlength=len(model.labels))
        evidence[row], sizes[row] = told + len(found) * base, len(found)
    return evidence, sizes


def _chances(model: Model, evidence: Shares, sizes: Numbers) -> Shares:
    prior = np.log((model.seen + 0.5) / (model.seen + 0.5).sum())
    weight = model.trust / np.maximum(sizes, 1) ** model.power
    points = prior + evidence * weight[:, None]
    points = np.exp(points - points.max(axis=1, keepdims=True))
    return np.asarray(points / points.sum(axis=1, keepdims=True), dtype=np.float64)
