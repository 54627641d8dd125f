"""Writing tables: freeze the inputs, compute from the frozen, publish whole. A correction is the next edition."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from leitai import __version__
from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.measures.queries import Sources
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_, Period, nearest
from leitai.rules.ledger import canonical
from leitai.rules.scoring import TableInputs, TableResult, TableSpec, compute
from leitai.rules.scoring.by_rule import table_spec
from leitai.rules.scoring.packs import edition_digest
from leitai.ui import words

from .inputs import gather, recounted
from .models import Standing, Table
from .queries import edition, published
from .rows import facts, standings_of


@action("table.frozen")
def freeze(
    *,
    place: Any,
    arena: str,
    period: Period,
    why: str = "",
    sources: Sources | None = None,
    by: str,
    now: datetime,
) -> Table:
    """Freeze an arena's table for a period that has ended, by the rule-book in force on the period's last day.

    A second edition needs a reason. Raises Refused for an unknown arena, a period of another length than the
    arena's, one that has not ended, an arena without units, or one in which nobody can be judged.
    """
    regime = regimes.regime_on(place, period.last)
    if arena not in regime.arenas:
        raise refuse(
            "unknown-arena",
            N_("The rule-book has no arena %(key)s; the nearest is %(near)s."),
            key=arena,
            near=nearest(arena, regime.arenas) or "-",
        )
    every = regime.arenas[arena].every
    if period.kind != every:
        raise refuse(
            "other-period",
            N_("%(arena)s is told every %(every)s; %(period)s is a %(kind)s."),
            arena=arena,
            every=words.period_kind(every),
            period=period.key,
            kind=words.period_kind(period.kind),
        )
    if now < period.bounds(place.zone)[1]:
        raise refuse("not-ended", N_("%(period)s has not ended."), period=period.key)
    before = edition(place, arena, period)
    if before is not None and not why.strip():
        raise refuse("no-reason", N_("There is an edition already; say why there is to be another."))
    spec = table_spec(regime, arena, period.key)
    inputs = gather(sources or Sources(place), regime, arena, period)
    if not inputs.units:
        raise refuse("no-units", N_("The groups of %(arena)s have no units."), arena=arena)
    result = compute(spec, inputs)
    if all(line.rank is None for line in result.rows):
        raise refuse(
            "nothing-to-judge",
            N_("No unit of %(arena)s has enough to be judged by in %(period)s."),
            arena=arena,
            period=period.key,
        )
    version = regimes.version_on(place, period.last).digest
    row = _edition(place, arena, period, before, (spec, inputs, result), version, why, by=by, now=now)
    record(
        place=place,
        kind="table.frozen",
        by=by,
        now=now,
        subject=f"table:{row.pk}",
        data=facts(row) | {"digest": row.digest, "units": len(inputs.units), "why": row.why},
    )
    return row


@action("table.published", "table.corrected")
def publish(*, table: Table, by: str, now: datetime) -> Table:
    """Publish a frozen edition. Two people: whoever froze it does not publish it.

    What the rules make of it (notices, bulletins, meetings) follows from the event, not from here. The first edition
    of a period that is published is told as `table.published`; each after it corrects what the public has seen, and is
    told as `table.corrected`, so that no rule on publication acts twice on one period (docs/adr/0016).
    """
    table = Table.objects.select_for_update(of=("self",)).select_related("place").get(pk=table.pk)
    if table.published_at is not None:
        raise refuse("published-already", N_("This edition was published already."))
    if table.frozen_by == by:
        raise refuse("two-people", N_("Whoever froze a table does not publish it: a second person does."))
    others = Table.objects.filter(place=table.place, arena=table.arena, period=table.period)
    if others.filter(edition__gt=table.edition).exists():
        raise refuse("later-edition", N_("There is a later edition of this table."))
    before = published(table.place, table.arena, Period.parse(table.period))
    table.published_at = max(now, table.frozen_at)
    table.published_by = by
    table.save()
    corrects = {"corrects": before.edition, "why": table.why} if before is not None else {}
    record(
        place=table.place,
        kind="table.corrected" if corrects else "table.published",
        by=by,
        now=now,
        subject=f"table:{table.pk}",
        data=facts(table) | {"digest": table.digest} | corrects,
    )
    return table


@action("table.corrected")
def correct(
    *, table: Table, columns: Collection[str], why: str, cause: str = "", by: str, now: datetime
) -> Table | None:
    """The next edition of a published table, with some columns as the rows say now; published at once.

    Nobody decides anything here: a verdict was set aside or brought back by two persons, and every table that used
    it follows (docs/adr/0016). What else was frozen stays as it was. Nothing is done where nothing comes out other.
    """
    table = Table.objects.select_for_update(of=("self",)).select_related("place").get(pk=table.pk)
    place, period = table.place, Period.parse(table.period)
    spec, frozen = table.frozen()
    regime = regimes.regime_on(place, period.last)
    inputs = recounted(Sources(place), regime, table.arena, period, frozen, columns)
    if inputs == frozen:
        return UNCHANGED
    result = compute(spec, inputs)
    before = edition(place, table.arena, period)
    row = _edition(
        place, table.arena, period, before, (spec, inputs, result), table.regime_digest, why, by=by, now=now
    )
    row.published_at, row.published_by = now, by
    row.save()
    record(
        place=place,
        kind="table.corrected",
        by=by,
        now=now,
        subject=f"table:{row.pk}",
        data=facts(row) | {"digest": row.digest, "corrects": table.edition, "why": row.why},
        cause=cause,
    )
    return row


def _edition(
    place: Any,
    arena: str,
    period: Period,
    before: Table | None,
    computed: tuple[TableSpec, TableInputs, TableResult],
    regime_digest: str,
    why: str,
    *,
    by: str,
    now: datetime,
) -> Table:
    """A new edition as rows: spec, inputs and result as text, and its lines."""
    spec, inputs, result = (canonical(value.to_json()).decode() for value in computed)
    row = Table.objects.create(
        place=place,
        arena=arena,
        period=period.key,
        edition=before.edition + 1 if before else 1,
        regime_digest=regime_digest,
        code_version=__version__,
        spec=spec,
        inputs=inputs,
        result=result,
        digest=edition_digest(spec, inputs, result),
        why=why.strip()[:300],
        frozen_at=now,
        frozen_by=by,
    )
    Standing.objects.bulk_create(standings_of(row, computed[2]), batch_size=1000)
    return row
