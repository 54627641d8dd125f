"""A chain drawn as inline SVG on the server: it prints, needs no script, and each link leads to its page.

A box with a dashed edge: nobody here makes it. The bar at its foot: how much of the chain stops without it. Arrows at
its sides: half or more is bought, or sold, outside the place. Letters at its corner: gaps; filled where at work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from leitai.rules.projects import chains as core
from leitai.rules.projects.chain_layout import Box, Drawing, Sizes, Wire, layout
from leitai.ui import words

from . import wording
from .queries import Chain

LARGE = Sizes()
SMALL = Sizes(width=13, height=8, across=9, between=3, lane=2, rows=10)
HEAD, MARGIN = 34, 18
SHRINKS = range(960, 1450)  # widths at which a picture may be made to fit; above, one scrolls
EMS = 9.6  # of a line of a name in a box
LETTERS = {"strengthen": ("强", "S"), "fill": ("补", "F"), "extend": ("延", "E")}


def graph(chain: Chain, href: Callable[[str], str]) -> SafeString:
    """The whole chain; `href` gives the page of a link by its key."""
    drawing = _layout(chain, LARGE)
    rows, links = {row.key: row for row in chain.rows}, {link.key: link for link in chain.links}
    wide, tall = drawing.width + 2 * MARGIN, drawing.height + HEAD + 6
    shrinks = " shrinks" if int(wide) in SHRINKS else ""
    named = escape(_("The chain, from upstream to downstream"))
    parts = [
        f'<svg class="chain-map{shrinks}" viewBox="{-MARGIN} {-HEAD} {wide:.0f} {tall:.0f}" width="{wide:.0f}" ',
        f'role="group" aria-label="{named}">',
    ]
    for tier, left, right in drawing.tiers:
        parts.append(
            f'<text class="tier" x="{(left + right) / 2:.0f}" y="-18">{escape(wording.TIERS[tier]())}</text>'
            f'<line class="tier" x1="{left:.0f}" x2="{right:.0f}" y1="-12" y2="-12"/>'
        )
    shares = _shares(chain.links)
    parts += [_wire(one, shares.get((one.source, one.target))) for one in drawing.wires]
    parts += [_box(one, rows[one.key], links[one.key], chain, href(one.key)) for one in drawing.boxes]
    return mark_safe("".join([*parts, "</svg>"]))


def small(chain: Chain) -> SafeString:
    """The chain's shape at a glance: full boxes for links that somebody here is in, empty ones for those missing."""
    drawing = _layout(chain, SMALL)
    missing = {link.key for link in chain.links if not link.here}
    wide, tall = drawing.width + 2, drawing.height + 2
    parts = [
        f'<svg class="chain-small" viewBox="-1 -1 {wide:.0f} {tall:.0f}" ',
        f'width="{wide:.0f}" height="{tall:.0f}" aria-hidden="true">',
    ]
    parts += [f'<path class="wire" d="{_curve(one)}"/>' for one in drawing.wires]
    parts += [
        f'<rect class="box{" missing" if one.key in missing else ""}" x="{one.x:.1f}" y="{one.y:.1f}" '
        f'width="{SMALL.width}" height="{SMALL.height}" rx="1.5"/>'
        for one in drawing.boxes
    ]
    return mark_safe("".join([*parts, "</svg>"]))


def _layout(chain: Chain, sizes: Sizes) -> Drawing:
    return layout(tuple((link.key, link.tier) for link in chain.links), chain.edges, sizes)


def _shares(links: Sequence[core.Link]) -> dict[tuple[str, str], Decimal]:
    """The largest share of a need that goes along each edge."""
    found: dict[tuple[str, str], Decimal] = {}
    for link in links:
        for need in link.needs:
            for who, share in need.here.items():
                found[who, link.key] = max(share, found.get((who, link.key), core.ZERO))
    return found


def _curve(wire: Wire) -> str:
    """A wire as a path: level through columns, curved between them; straight where it leads back."""
    first, *rest = wire.points
    path = [f"M{first[0]:.1f} {first[1]:.1f}"]
    x, y = first
    for to_x, to_y in rest:
        middle = (x + to_x) / 2
        if wire.back or to_y == y:
            path.append(f"L{to_x:.1f} {to_y:.1f}")
        else:
            path.append(f"C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}")
        x, y = to_x, to_y
    return "".join(path)


def _wire(wire: Wire, share: Decimal | None) -> str:
    kind = "none" if not share else "most" if share > core.HALF else "some"
    back = " back" if wire.back else ""
    return f'<path class="wire {kind}{back}" d="{_curve(wire)}"/>'


def _box(box: Box, row: Any, link: core.Link, chain: Chain, href: str) -> str:
    wide, tall = LARGE.width, LARGE.height
    critical = chain.critical.get(box.key)
    share = float(critical.share) if critical else 0.0
    lines = _lines(row.name)
    figure = _figure(row, link)
    top = box.y + (14 if len(lines) == 2 else 20)
    corner = f'x="{box.x:.1f}" y="{box.y:.1f}"'
    parts = [
        f'<a href="{escape(href)}" class="link{"" if link.here else " missing"}">',
        f"<title>{escape(_title(row, link, share))}</title>",
        f'<rect class="box" {corner} width="{wide}" height="{tall}" rx="4"/>',
    ]
    if share:
        foot = f'x="{box.x + 1:.1f}" y="{box.y + tall - 4:.1f}"'
        parts.append(f'<rect class="weight" {foot} width="{share * (wide - 2):.1f}" height="3"/>')
    for number, text in enumerate(lines):
        parts.append(
            f'<text class="name" x="{box.x + 8:.1f}" y="{top + 14 * number:.1f}">{escape(text)}</text>'
        )
    parts.append(
        f'<text class="figure" x="{box.x + 8:.1f}" y="{top + 14 * len(lines):.1f}">{escape(figure)}</text>'
    )
    if link.bought_outside is not None and link.bought_outside >= core.HALF:
        parts.append(_arrow(box.x - 15, box.x - 2, box.y + tall - 11))
    if link.sold_outside is not None and link.sold_outside >= core.HALF:
        parts.append(_arrow(box.x + wide + 2, box.x + wide + 15, box.y + tall - 11))
    return "".join([*parts, *_marks(box, row, chain), "</a>"])


def _marks(box: Box, row: Any, chain: Chain) -> list[str]:
    """Letters of the gaps at a link, from the right; filled where at work."""
    at_work = {gap.kind for gap in chain.at_work.get(row.pk, ())}
    kinds = [
        kind
        for kind in core.KINDS
        if kind in at_work or any(g.link == box.key and g.kind == kind for g in chain.gaps)
    ]
    found = []
    for number, kind in enumerate(reversed(kinds)):
        x = box.x + LARGE.width - 9 - 17 * number
        done = " work" if kind in at_work else ""
        letter = LETTERS[kind][0 if words.chinese() else 1]
        found.append(
            f'<rect class="mark{done}" x="{x - 8:.1f}" y="{box.y - 8:.1f}" width="16" height="16" rx="3"/>'
            f'<text class="mark{done}" x="{x:.1f}" y="{box.y + 4:.1f}">{letter}</text>'
        )
    return found


def _arrow(left: float, right: float, y: float) -> str:
    return (
        f'<path class="outside" d="M{left:.1f} {y:.1f}H{right:.1f}'
        f'M{right - 4:.1f} {y - 3:.1f}L{right:.1f} {y:.1f}L{right - 4:.1f} {y + 3:.1f}"/>'
    )


def _figure(row: Any, link: core.Link) -> str:
    """The line below a name: the share of the nation, else the capacity, else how many firms."""
    if not link.here:
        return _("nobody here")
    if link.of_whole is not None:
        return f"{wording.whole_of(row)} {words.percent(float(link.of_whole))}"
    if link.made is not None:
        return wording.amount(link.made, wording.unit_of(row))
    return wording.firms(sum(firm.produces for firm in link.firms))


def _title(row: Any, link: core.Link, share: float) -> str:
    told = [row.name, _figure(row, link)]
    if link.bought_outside is not None:
        told.append(_("%(share)s bought outside") % {"share": words.percent(float(link.bought_outside))})
    if link.sold_outside is not None:
        told.append(_("%(share)s sold outside") % {"share": words.percent(float(link.sold_outside))})
    if share:
        told.append(_("%(share)s of the chain stops without it") % {"share": words.percent(share)})
    return " · ".join(told)


def _wide(letter: str) -> float:
    """About how wide a letter is, in ems."""
    return 1.0 if ord(letter) > 0x2E7F else 0.62 if letter.isupper() else 0.53


def _lines(name: str) -> list[str]:
    """A name in one line or two, cut where it is too long for both."""
    first, rest = _fit(name)
    if not rest:
        return [first]
    second, more = _fit(rest)
    return [first, f"{second[:-1]}…" if more else second]


def _fit(text: str) -> tuple[str, str]:
    """What goes into a line, and the rest; broken at a space where there is one."""
    width = 0.0
    for index, letter in enumerate(text):
        width += _wide(letter)
        if width > EMS:
            space = text.rfind(" ", 0, index + 1)
            cut = space if space > 0 else index
            return text[:cut].rstrip(), text[cut:].lstrip()
    return text, ""
