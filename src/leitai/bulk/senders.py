"""From drafts to the actions that store them, one pair for each kind of record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leitai.apps.ballots.actions import BallotRecord, ServiceDraft, import_ballots, upload_services
from leitai.apps.casework.actions import CaseRecord, import_cases
from leitai.apps.measures.actions import ReadingRecord, import_readings
from leitai.rules.records import AnyMap, BallotsMap, CasesMap, ServicesMap


@dataclass(frozen=True)
class Sender:
    """How a draft with its unit becomes a record, and how records are stored, answering how many were new."""

    record: Callable[[Any, int], Any]
    store: Callable[[Sequence[Any]], int]


def sender_of(place: Any, of: AnyMap, *, by: str, now: datetime) -> Sender:
    """The sender of a map of cases, verdicts, readings or services."""
    source = of.source or place.key

    def cases(records: Sequence[CaseRecord]) -> int:
        assert isinstance(of, CasesMap)
        return int(
            import_cases(place=place, kind=of.kind, source=source, records=records, by=by, now=now) or 0
        )

    def ballots(records: Sequence[BallotRecord]) -> int:
        return int(import_ballots(place=place, source=source, records=records, by=by, now=now) or 0)

    def readings(records: Sequence[ReadingRecord]) -> int:
        return int(import_readings(place=place, source=source, records=records, by=by, now=now) or 0)

    def services(records: Sequence[ServiceDraft]) -> int:
        return int(upload_services(place=place, source=source, records=records, by=by, now=now))

    if isinstance(of, CasesMap):
        return Sender(_case, cases)
    if isinstance(of, ServicesMap):
        return Sender(_service, services)
    return Sender(_ballot, ballots) if isinstance(of, BallotsMap) else Sender(_reading, readings)


def _case(draft: Any, unit_id: int) -> CaseRecord:
    return CaseRecord(
        draft.source_id,
        unit_id,
        draft.title,
        draft.opened,
        draft.due,
        draft.closed,
        draft.place,
        draft.channel,
    )


def _ballot(draft: Any, unit_id: int) -> BallotRecord:
    return BallotRecord(
        draft.source_id,
        unit_id,
        draft.grade,
        draft.cast_at,
        draft.channel,
        draft.standing,
        draft.reason,
    )


def _reading(draft: Any, unit_id: int) -> ReadingRecord:
    return ReadingRecord(
        draft.source_id,
        unit_id,
        draft.measure,
        draft.period,
        draft.value,
        draft.numerator,
        draft.denominator,
        draft.target,
    )


def _service(draft: Any, unit_id: int) -> ServiceDraft:
    return ServiceDraft(draft.source_id, unit_id, draft.served_at, draft.contact, draft.point, draft.number)
