"""An industrial chain: what is bought and sold outside, where it has gaps, what stops if a link fails.

A chain is links (silicon, rods, wafers …), each with the firms of the place that are in it. A link needs materials;
each comes partly from links of the chain here, the rest from outside. The method, with a worked example:
docs/methods/criticality.md.

    silicon ──80 %──→ rods ──100 %──→ wafers        if silicon fails, rods lose more than half of it and stop,
                                                    then wafers: silicon is critical for two links of three
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Tier = Literal["up", "mid", "down"]
Kind = Literal["strengthen", "fill", "extend"]
TIERS: tuple[Tier, ...] = ("up", "mid", "down")
KINDS: tuple[Kind, ...] = ("strengthen", "fill", "extend")
HALF = Decimal("0.5")  # more than half of a supply is most of it; half or more outside is "outside"
ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Need:
    """A material that a link needs; `here`: links of the chain that make it, each with its share of the need, 0 to 1.

    What no link here supplies comes from outside. A share of 0: the link could supply it, and does not.
    """

    key: str
    here: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def outside(self) -> Decimal:
        """The share that comes from outside the place."""
        return max(ZERO, ONE - sum(self.here.values(), ZERO))


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm in a link: capacity now and under construction, in the link's own unit; a year's output in yuan."""

    key: str
    capacity: Decimal | None = None
    building: Decimal | None = None
    output: Decimal | None = None
    produces: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a chain. `capacity`, `whole` (the nation's or province's) in its own unit; shares 0 to 1.

    `capacity` and `share` are what a source says of all firms together; without them they are worked out.
    """

    key: str
    tier: Tier = "mid"
    needs: tuple[Need, ...] = ()
    firms: tuple[Firm, ...] = ()
    capacity: Decimal | None = None
    whole: Decimal | None = None
    share: Decimal | None = None
    sold_outside: Decimal | None = None

    @property
    def here(self) -> bool:
        """Whether somebody in the place produces it."""
        return any(firm.produces for firm in self.firms)

    @property
    def made(self) -> Decimal | None:
        """Capacity here now: as a source says, else of the firms together; None where one of them is not known."""
        return self.capacity if self.capacity is not None else _sum(self.firms, "capacity")

    @property
    def output(self) -> Decimal | None:
        """A year's output in yuan; None where that of a firm is not known."""
        return _sum(self.firms, "output")

    @property
    def of_whole(self) -> Decimal | None:
        """The share of the nation's or province's capacity, 0 to 1."""
        if self.share is not None:
            return self.share
        made = self.made
        return made / self.whole if made is not None and self.whole else None

    @property
    def bought_outside(self) -> Decimal | None:
        """The share of what it needs that comes from outside, the mean over its materials; None where none is known."""
        return sum((need.outside for need in self.needs), ZERO) / len(self.needs) if self.needs else None


def _sum(firms: Iterable[Firm], what: Literal["capacity", "output"]) -> Decimal | None:
    """The sum over firms that produce; None where there is none, or one is not known."""
    told = [firm.capacity if what == "capacity" else firm.output for firm in firms if firm.produces]
    known = [one for one in told if one is not None]
    return sum(known, ZERO) if told and len(known) == len(told) else None


def weights(links: Sequence[Link]) -> tuple[dict[str, Decimal], bool]:
    """What each link that is here counts for: its output in yuan, where that of all is known; else each the same.

    The second value says whether it is by output.
    """
    there = [link for link in links if link.here]
    outputs = {link.key: link.output for link in there}
    known = {key: value for key, value in outputs.items() if value is not None}
    if there and len(known) == len(there) and sum(known.values(), ZERO) > 0:
        return known, True
    return dict.fromkeys(outputs, ONE), False


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of a chain: shares bought and sold outside, 0 to 1, None where not known; over how much they are known.

    `bought_known`, `sold_known`: the share of the chain's weight for which there is a figure.
    """

    bought: Decimal | None
    sold: Decimal | None
    bought_known: Decimal
    sold_known: Decimal
    by_output: bool

    @property
    def both(self) -> bool:
        """Whether both ends are outside (两头在外): half or more bought, and half or more sold outside."""
        return self.bought is not None and self.sold is not None and self.bought >= HALF and self.sold >= HALF


def ends(links: Sequence[Link]) -> Ends:
    """What a chain buys and sells outside, over the links that are here, each by its weight."""
    weight, by_output = weights(links)
    there = [link for link in links if link.key in weight]
    bought, bought_known = _mean({one.key: one.bought_outside for one in there}, weight)
    sold, sold_known = _mean({one.key: one.sold_outside for one in there}, weight)
    return Ends(bought, sold, bought_known, sold_known, by_output)


def _mean(
    values: Mapping[str, Decimal | None], weight: Mapping[str, Decimal]
) -> tuple[Decimal | None, Decimal]:
    """The weighted mean of what is known, and the share of the weight that is known."""
    known = {key: value for key, value in values.items() if value is not None}
    total = sum(weight.values(), ZERO)
    held = sum((weight[key] for key in known), ZERO)
    if not held:
        return None, ZERO
    return sum((value * weight[key] for key, value in known.items()), ZERO) / held, held / total


@dataclass(frozen=True, slots=True)
class Stop:
    """A link that stops: in which round, for want of which material, and what share of it no longer comes."""

    link: str
    round: int
    need: str
    lost: Decimal


@dataclass(frozen=True, slots=True)
class Critical:
    """What stops if a link fails: the share of the chain's weight, 0 to 1, without its own; each link in turn."""

    link: str
    share: Decimal
    stops: tuple[Stop, ...]


# Whom a link supplies: which link, the number of its need, the share of that need.
Feeds = Mapping[str, Sequence[tuple[str, int, Decimal]]]


def _feeds(links: Sequence[Link]) -> Feeds:
    found: dict[str, list[tuple[str, int, Decimal]]] = {}
    for link in links:
        for number, need in enumerate(link.needs if link.here else ()):
            for key, share in need.here.items():
                found.setdefault(key, []).append((link.key, number, share))
    return found


def cascade(links: Sequence[Link], failed: Collection[str], *, outside: bool = False) -> tuple[Stop, ...]:
    """The links that stop after these failed, round by round; with `outside`, after nothing comes from there.

    A link stops once, of one of its materials, more than half no longer comes. One that nobody is in cannot stop.
    """
    return _cascade({link.key: link for link in links}, _feeds(links), failed, outside)


def _cascade(
    links: Mapping[str, Link], feeds: Feeds, failed: Collection[str], outside: bool
) -> tuple[Stop, ...]:
    order = {key: number for number, key in enumerate(links)}
    lost: dict[str, list[Decimal]] = {}
    if outside:
        lost = {key: [need.outside for need in link.needs] for key, link in links.items() if link.here}
    gone, fresh, touched = set(failed), list(failed), set(lost)
    found: list[Stop] = []
    turn = 0
    while fresh or touched:
        turn += 1
        for key in fresh:
            for to, number, share in feeds.get(key, ()):
                lost.setdefault(to, [ZERO] * len(links[to].needs))[number] += share
                touched.add(to)
        fresh = []
        for key in sorted(touched - gone, key=order.__getitem__):
            worst = max(lost[key], default=ZERO)
            if worst > HALF:
                found.append(Stop(key, turn, links[key].needs[lost[key].index(worst)].key, worst))
                fresh.append(key)
        gone.update(fresh)
        touched = set()
    return tuple(found)


def criticality(links: Sequence[Link]) -> dict[str, Critical]:
    """What stops if each link that is here fails, by link."""
    weight, _by_output = weights(links)
    total = sum(weight.values(), ZERO)
    known, feeds = {link.key: link for link in links}, _feeds(links)
    found = {}
    for key in weight:
        stops = _cascade(known, feeds, (key,), False)
        lost = sum((weight[stop.link] for stop in stops), ZERO)
        found[key] = Critical(key, lost / total, stops)
    return found


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap that the figures show; `why` is one of `WHYS`, `value` the share (0 to 1) or the number it rests on."""

    link: str
    kind: Kind
    why: str
    value: Decimal


WHYS = ("nobody-here", "outside-mostly", "one-firm", "sold-raw")


def gaps(links: Sequence[Link], critical: Mapping[str, Critical] | None = None) -> tuple[Gap, ...]:
    """The gaps of a chain in the order of its links; `critical` is what `criticality` said, where it is known.

    fill: a link that nobody here is in (`nobody-here`, how many links need it).
    strengthen: one that is here, yet half or more of what links here need of it comes from outside (`outside-mostly`,
    the largest such share), or which one firm alone holds and without which others stop (`one-firm`, how much stops).
    extend: one above the last tier that sells half or more of its output outside (`sold-raw`, that share).
    """
    critical = criticality(links) if critical is None else critical
    wants: dict[str, list[Decimal]] = {}
    for one in links:
        for need in one.needs if one.here else ():
            for key in need.here:
                wants.setdefault(key, []).append(need.outside)
    found = []
    for link in links:
        wanted = wants.get(link.key, [])
        if not link.here:
            found.append(Gap(link.key, "fill", "nobody-here", Decimal(len(wanted))))
            continue
        if wanted and max(wanted) >= HALF:
            found.append(Gap(link.key, "strengthen", "outside-mostly", max(wanted)))
        elif sum(firm.produces for firm in link.firms) == 1 and critical[link.key].stops:
            found.append(Gap(link.key, "strengthen", "one-firm", critical[link.key].share))
        if link.tier != "down" and link.sold_outside is not None and link.sold_outside >= HALF:
            found.append(Gap(link.key, "extend", "sold-raw", link.sold_outside))
    return tuple(found)
