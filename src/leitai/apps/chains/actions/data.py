"""The data of a chain, put as a file says it; figures of a firm, put right by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_
from leitai.rules.projects.chain_book import HUNDRED, ChainData, FirmSpec, LinkSpec, Quantity

from ..models import Link, Member, Need, Supply
from ..rows import local_day, spec_of

FIGURES = ("capacity", "building", "output")
MOST = Decimal(10) ** 13
PLACES = Decimal("0.000001")


@action("chain.put")
def put_chain(*, place: Any, chain: str, data: ChainData, by: str, now: datetime) -> Any:
    """Put a chain as a file says it: what is new, what changed, what is gone; the event tells how many of each.

    Figures of a firm that are of a later day than the file's stay. Returns how many links there are. Raises Refused for
    a chain the rule-book has not, and where a link would go at which a gap is or was worked on.
    """
    spec_of(place, chain, now)
    figures = regimes.regime_on(place, local_day(place, now)).figures
    rows = {row.key: row for row in Link.objects.filter(place=place, chain=chain)}
    gone = [row for key, row in rows.items() if key not in data.links]
    busy = next((row for row in gone if row.gaps.exists()), None)
    if busy is not None:
        raise refuse(
            "link-with-gaps",
            N_("At %(link)s a gap is or was worked on: it cannot be left out."),
            link=busy.name,
        )
    added, changed, kept = 0, 0, 0
    parks, firms = people.units(place), {one.key: one for one in people.enterprises(place)}
    park = {row.key: row for row in parks}
    for order, (key, spec) in enumerate(data.links.items()):
        row = rows.get(key)
        values = _values(spec, figures) | {"order": order}
        if row is None:
            rows[key] = Link.objects.create(place=place, chain=chain, key=key, **values)
            added += 1
        else:
            changed += _set(row, values)
        told = _members(rows[key], spec, park, firms)
        changed, kept = changed + told[0], kept + told[1]
    changed += _needs(rows, data)
    for row in gone:
        row.delete()
    if not (added or changed or gone):
        return UNCHANGED
    record(
        place=place,
        kind="chain.put",
        by=by,
        now=now,
        subject=f"chain:{chain}",
        data={"chain": chain, "added": added, "changed": changed, "gone": len(gone), "kept": kept},
    )
    return len(data.links)


def _values(spec: LinkSpec, figures: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a link."""
    share, share_source = _said(spec.share, figures)
    capacity, capacity_source = _said(spec.capacity, figures)
    whole, whole_source = _said(spec.whole, figures)
    of = (spec.share.of if spec.share else None) or (spec.whole.of if spec.whole else None)
    sources = dict.fromkeys(one for one in (spec.source, share_source, capacity_source, whole_source) if one)
    return {
        "name_zh": spec.name.zh,
        "name_en": spec.name.en,
        "tier": spec.tier,
        "unit_zh": spec.unit.zh if spec.unit else "",
        "unit_en": spec.unit.en if spec.unit else "",
        "capacity": capacity,
        "whole": whole,
        "share": None if share is None else _part(share),
        "of_zh": of.zh if of else "",
        "of_en": of.en if of else "",
        "sold_outside": None if spec.sold_outside is None else _part(spec.sold_outside),
        "source": "; ".join(sources)[:300],
    }


def _part(percent: Decimal) -> Decimal:
    """Per cent as a share, 0 to 1, as it is kept."""
    return (percent / HUNDRED).quantize(PLACES)


def _said(said: Quantity | None, figures: Mapping[str, Any]) -> tuple[Decimal | None, str]:
    if said is None:
        return None, ""
    if said.figure is not None:
        return figures[said.figure].value, figures[said.figure].source
    return said.value, said.source


def _set(row: Any, values: Mapping[str, Any]) -> bool:
    """Set what differs; whether anything did."""
    differs = [name for name, value in values.items() if getattr(row, name) != value]
    for name in differs:
        setattr(row, name, values[name])
    if differs:
        row.save(update_fields=differs)
    return bool(differs)


def _members(
    link: Link, spec: LinkSpec, parks: Mapping[str, Any], firms: Mapping[str, Any]
) -> tuple[int, int]:
    """Firms of a link as the file has them: how many changed, how many kept their later figures."""
    rows = {row.key: row for row in link.members.all()}
    changed, kept = 0, 0
    for key, one in spec.firms.items():
        values = _member(one, parks, firms)
        row = rows.pop(key, None)
        if row is None:
            Member.objects.create(link=link, key=key, **values)
            changed += 1
            continue
        if row.as_of is not None and (one.as_of is None or one.as_of < row.as_of):
            for name in (*FIGURES, "produces", "as_of", "source"):
                del values[name]
            kept += 1
        changed += _set(row, values)
    for row in rows.values():
        row.delete()
        changed += 1
    return changed, kept


def _member(one: FirmSpec, parks: Mapping[str, Any], firms: Mapping[str, Any]) -> dict[str, Any]:
    if one.enterprise is not None and one.enterprise not in firms:
        raise refuse("no-enterprise", N_("There is no enterprise %(key)s."), key=one.enterprise)
    return {
        "name_zh": one.name.zh,
        "name_en": one.name.en,
        "enterprise": firms.get(one.enterprise or ""),
        "park": parks.get(one.park or ""),
        **{name: getattr(one, name) for name in FIGURES},
        "produces": one.produces,
        "as_of": one.as_of,
        "source": one.source[:300],
    }


def _needs(rows: Mapping[str, Link], data: ChainData) -> int:
    """Needs and supplies as the file has them, written anew for the links whose own differ; how many those are."""
    changed = 0
    for key, spec in data.links.items():
        link = rows[key]
        wanted = [
            (name, one.name.zh, one.name.en, {who: _part(share) for who, share in one.from_.items()})
            for name, one in spec.needs.items()
        ]
        held = [
            (
                need.key,
                need.name_zh,
                need.name_en,
                {one.link.key: one.share for one in need.supplies.select_related("link")},
            )
            for need in link.needs.order_by("order")
        ]
        if wanted == held:
            continue
        changed += 1
        link.needs.all().delete()
        for order, (name, zh, en, supplies) in enumerate(wanted):
            need = Need.objects.create(link=link, key=name, order=order, name_zh=zh, name_en=en)
            Supply.objects.bulk_create(
                Supply(need=need, link=rows[who], share=share) for who, share in supplies.items()
            )
    return changed


@action("chain.firm_noted")
def note_firm(
    *,
    member: Member,
    figures: Mapping[str, Decimal | None],
    produces: bool,
    as_of: date,
    source: str,
    by: str,
    now: datetime,
) -> Member:
    """Put a firm's figures right: `figures` by FIGURES, None for not known. The event keeps what stood there before.

    Raises Refused without a source, for a day to come or one before the last, and for an amount that cannot be.
    """
    row = Member.objects.select_for_update(of=("self",)).select_related("link__place").get(pk=member.pk)
    if not source.strip():
        raise refuse("no-source", N_("Say where the figure comes from."))
    if as_of > local_day(row.link.place, now):
        raise refuse("not-yet", N_("%(day)s has not come yet."), day=as_of)
    if row.as_of is not None and as_of < row.as_of:
        raise refuse("older", N_("There is a later figure, of %(day)s."), day=row.as_of)
    for value in figures.values():
        if value is not None and not (value.is_finite() and 0 <= value < MOST):
            raise refuse("bad-amount", N_("%(value)s is no amount that can be."), value=str(value))
    wanted = {**figures, "produces": produces}
    before = {name: getattr(row, name) for name in wanted if getattr(row, name) != wanted[name]}
    if not before and as_of == row.as_of:
        return UNCHANGED
    for name in before:
        setattr(row, name, wanted[name])
    row.as_of, row.source = as_of, source.strip()[:300]
    row.save()
    record(
        place=row.link.place,
        kind="chain.firm_noted",
        by=by,
        now=now,
        subject=f"chain:{row.link.chain}",
        data={
            "chain": row.link.chain,
            "link": row.link.key,
            "firm": row.key,
            "changed": {name: [_text(old), _text(wanted[name])] for name, old in before.items()},
            "as_of": as_of,
        },
    )
    return row


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, bool) else str(value)
