"""Whether a graph of permits is sound: every way to the start passes every permit, and none gets stuck.

A permit may be granted once all that it needs are granted; the start may be made once the permits it waits for are.
Offices draw such graphs by hand, and three faults come back: an approval that is waited for and that nobody grants,
one that nothing waits for (it is forgotten, or was left out of the start), and two that wait for each other.

    land → planning → construction → start      sound
    land → fence                                a dead end: the start by land → planning → construction goes past it

A graph without a fault is sound as workflow nets are (van der Aalst 1997): from wherever grants were made in a right
order the start can still be reached, and when it is, no permit is left over. docs/methods/critical-path.md proves it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Needs = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a permit, and the path that shows it, in the order in which grants follow each other.

    missing: `path` begins with the name that is no permit and ends with what the start waits for; `at` is who names it,
    "" for the start itself. circle: `path` comes back to where it began. dead-end: `path` ends with the permit that
    leads nowhere, `past` is a way to the start that goes past it (() where there is none).
    """

    code: Literal["missing", "circle", "dead-end"]
    at: str
    path: tuple[str, ...]
    past: tuple[str, ...] = ()


def faults(needs: Needs, start: Collection[str]) -> tuple[Fault, ...]:
    """Every fault of a graph: `needs` has the permits that each permit needs, `start` what the start waits for.

    >>> faults({"land": (), "build": ("land", "fire")}, ("build",))
    (Fault(code='missing', at='build', path=('fire', 'build'), past=()),)
    """
    after = _turned(needs)
    found = [Fault("missing", "", (name,)) for name in _once(start) if name not in needs]
    for key, names in needs.items():
        for name in _once(names):
            if name not in needs:
                found.append(Fault("missing", key, (name, *_way(key, after, start))))
    found += [Fault("circle", circle[0], circle) for circle in _circles(needs)]
    past = _shortest_start(needs, start)
    for key in needs:
        if not after[key] and key not in start:
            found.append(Fault("dead-end", key, _from_root(key, needs), past))
    return tuple(found)


def without(needs: Needs, dropped: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The graph without some permits: who needed one of them needs what it had needed. Of a graph without circles.

    >>> without({"land": (), "survey": ("land",), "build": ("survey",)}, {"survey"})
    {'land': (), 'build': ('land',)}
    """

    def kept(names: Iterable[str]) -> Iterable[str]:
        for name in names:
            if name in dropped:
                yield from kept(needs.get(name, ()))
            else:
                yield name

    return {key: _once(kept(names)) for key, names in needs.items() if key not in dropped}


def behind(needs: Needs, key: str) -> tuple[str, ...]:
    """Every permit that rests on this one, directly or through others, by name."""
    after = _turned(needs)
    found: set[str] = set()
    open_ = [key]
    while open_:
        more = [name for name in after.get(open_.pop(), ()) if name not in found]
        found.update(more)
        open_ += more
    return tuple(sorted(found - {key}))


def order(needs: Needs) -> tuple[str, ...]:
    """The permits, each after what it needs, otherwise by name. Raises ValueError where they wait for each other."""
    left = {key: {name for name in names if name in needs} for key, names in needs.items()}
    found: list[str] = []
    while left:
        free = sorted(key for key, names in left.items() if not names)
        if not free:
            raise ValueError("the permits wait for each other")
        found += free
        for key in free:
            del left[key]
        for names in left.values():
            names.difference_update(free)
    return tuple(found)


def columns(needs: Needs) -> tuple[tuple[str, ...], ...]:
    """The permits in columns from left to right, each right of all that it needs; drawn so that few lines cross.

    In a column, those come first whose needs stand higher (the barycentre rule of Sugiyama et al. 1981), then by name.
    Raises ValueError where there is a circle.
    """
    depth: dict[str, int] = {}
    for key in order(needs):
        depth[key] = 1 + max((depth[name] for name in needs[key] if name in depth), default=-1)
    found: list[tuple[str, ...]] = []
    height: dict[str, int] = {}
    for number in range(max(depth.values(), default=-1) + 1):
        column = tuple(
            sorted(
                (key for key, at in depth.items() if at == number),
                key=lambda key: (_middle(needs[key], height), key),
            )
        )
        height.update({key: row for row, key in enumerate(column)})
        found.append(column)
    return tuple(found)


def _middle(needs: Collection[str], height: Mapping[str, int]) -> float:
    """How high on average that stands which a permit needs."""
    above = [height[name] for name in needs if name in height]
    return sum(above) / len(above) if above else 0.0


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _turned(needs: Needs) -> dict[str, tuple[str, ...]]:
    """Who needs each permit, by name."""
    after: dict[str, list[str]] = {key: [] for key in needs}
    for key in sorted(needs):
        for name in _once(needs[key]):
            after.setdefault(name, []).append(key)
    return {key: tuple(names) for key, names in after.items()}


def _way(key: str, after: Mapping[str, Collection[str]], start: Collection[str]) -> tuple[str, ...]:
    """The shortest path from a permit to one that the start waits for; as far as it leads where it does not."""
    paths: list[tuple[str, ...]] = [(key,)]
    seen = {key}
    for path in paths:  # grows as it is walked
        if path[-1] in start:
            return path
        for name in after.get(path[-1], ()):
            if name not in seen:
                seen.add(name)
                paths.append((*path, name))
    return paths[-1]


def _from_root(key: str, needs: Needs) -> tuple[str, ...]:
    """The shortest path to a permit from one that needs none; from as far as can be gone where there is a circle."""
    paths: list[tuple[str, ...]] = [(key,)]
    seen = {key}
    for path in paths:
        known = [name for name in sorted(needs.get(path[0], ())) if name in needs]
        if not known:
            return path
        for name in known:
            if name not in seen:
                seen.add(name)
                paths.append((name, *path))
    return paths[-1]


def _shortest_start(needs: Needs, start: Collection[str]) -> tuple[str, ...]:
    """A path to the start through permits that there are; () where there is none."""
    ways = [_from_root(key, needs) for key in sorted(start) if key in needs]
    return min(ways, key=lambda way: (len(way), way), default=())


def _circles(needs: Needs) -> list[tuple[str, ...]]:
    """The circles in the order of grants, each once, ending where they began."""
    found: list[tuple[str, ...]] = []
    told: set[frozenset[str]] = set()
    after = _turned(needs)
    for key in sorted(needs):
        paths: list[tuple[str, ...]] = [(key,)]
        seen: set[str] = set()
        for path in paths:
            if key in after[path[-1]]:
                if frozenset(path) not in told:
                    told.add(frozenset(path))
                    found.append((*path, key))
                break
            for name in after[path[-1]]:
                if name not in seen:
                    seen.add(name)
                    paths.append((*path, name))
    return found
