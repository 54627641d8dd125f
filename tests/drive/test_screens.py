"""The screens over real rows: a played burst is reported once, sets aside only when a person confirms, and corrects."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from leitai.apps.ballots import actions, queries, tallies
from leitai.apps.ballots.models import Ballot, Lead, ServiceRecord, Tally
from leitai.apps.ledger.models import Event
from leitai.drive.daily import Daily, screen_yesterday
from leitai.drive.screening import screen
from tests.factories import BY, DAY, HOUR, NOW, Town, refused

TODAY = NOW.date()


def honest(town: Town, days: int = 30) -> None:
    """A month of verdicts and services at every unit, each from a telephone of its own."""
    town.casts = 0
    every = [row for row in town.units.values() if row.key not in town.points]
    added = actions.add_points(place=town.place, units=every, by=BY, now=NOW - 40 * DAY)
    town.points |= {row.unit.key: row for row in added}
    for unit in town.units:
        drafts, served = [], []
        for day in range(1, days + 1):
            at = NOW - day * DAY
            for n in range(6):
                town.casts += 1
                drafts.append(draft(town, unit, at + n * HOUR, f"{town.casts:016x}", f"{n:016x}"))
            served += [(f"{unit}-{day}-{n}", at + timedelta(minutes=5 * n), n + 1) for n in range(30)]
        cast(town, drafts)
        upload(town, unit, served)


def draft(town: Town, unit: str, at: Any, device: str, network: str) -> actions.BallotDraft:
    town.casts += 1
    return actions.BallotDraft(
        town.units[unit],
        "satisfied",
        f"a-key-long-enough-{town.casts:06}",
        town.points[unit],
        cast_at=at,
        network=network,
        device=device,
    )


def cast(town: Town, drafts: list[actions.BallotDraft]) -> None:
    actions.cast_many(place=town.place, drafts=drafts, by="anyone", now=NOW)


def upload(town: Town, unit: str, served: list[tuple[str, Any, int]]) -> None:
    rows = [
        actions.ServiceDraft(ref, town.units[unit].pk, at, point=town.points[unit].number, number=number)
        for ref, at, number in served
    ]
    actions.upload_services(place=town.place, source="queue", records=rows, by=BY, now=NOW)


@pytest.fixture
def month(town: Town) -> Town:
    honest(town)
    return town


def found(town: Town) -> list[Lead]:
    return screen(town.place, TODAY - timedelta(days=1), now=NOW)


def stuff(town: Town, many: int = 15) -> None:
    """One telephone praises one window fifteen times in an afternoon."""
    at = NOW - DAY + 5 * HOUR
    cast(
        town,
        [draft(town, "tax-window", at + n * timedelta(minutes=9), "f" * 16, "e" * 16) for n in range(many)],
    )


def test_an_honest_month_shows_nothing(month: Town) -> None:
    assert found(month) == []
    assert not Event.objects.filter(kind="leads.found").exists()


def test_a_stuffed_window_is_reported_once_with_its_verdicts(month: Town) -> None:
    stuff(month)
    rows = [row for row in found(month) if row.screen == "bursts"]
    assert rows
    leaves = {leaf for row in rows for leaf in row.evidence["leaves"]}
    assert {row.device for row in Ballot.objects.filter(index__in=leaves)} >= {"f" * 16}
    assert found(month) == [], "screening again finds nothing new"


def test_a_confirmed_burst_is_set_aside_in_public_and_counted_as_such(month: Town) -> None:
    stuff(month)
    row = next(row for row in found(month) if row.mark.startswith("bursts-") and "f" * 16 in devices(row))
    reason = "All fifteen from one telephone within two hours; it lies at the counter"
    actions.decide_lead(lead=row, confirmed=True, reason=reason, by="account:inspector", now=NOW)
    aside = Ballot.objects.filter(standing="set_aside")
    assert set(aside.values_list("device", "reason")) == {("f" * 16, reason)}
    day = TODAY - timedelta(days=1)
    assert queries.rate(month.units["tax-window"], day, day).aside == aside.count() >= 10
    assert tallies.kept(month.place) == dict(tallies.recounted(month.place))
    assert [one for one in queries.check(month.place) if one is not None] == []
    with refused("lead-decided"):
        actions.decide_lead(lead=row, confirmed=False, reason="no", by="account:office", now=NOW)


def devices(row: Lead) -> set[str]:
    return set(Ballot.objects.filter(index__in=row.evidence["leaves"]).values_list("device", flat=True))


def test_a_dismissed_lead_changes_nothing(month: Town) -> None:
    stuff(month)
    row = found(month)[0]
    with refused("no-reason"):
        actions.decide_lead(lead=row, confirmed=False, reason=" ", by="account:inspector", now=NOW)
    actions.decide_lead(lead=row, confirmed=False, reason="A courier", by="account:inspector", now=NOW)
    assert not Ballot.objects.filter(standing="set_aside").exists()


def test_a_code_that_falls_silent_while_people_are_served_is_reported(town: Town) -> None:
    honest(town)
    Tally.objects.filter(point=town.points["harbour"].number, day__gte=TODAY - timedelta(days=8)).delete()
    assert {row.unit.key for row in found(town) if row.screen == "silent"} == {"harbour"}


def test_missing_queue_numbers_are_reported(town: Town) -> None:
    honest(town)
    ServiceRecord.objects.filter(
        unit=town.units["harbour"], number__gt=5, number__lte=25, served_at__gte=NOW - 6 * DAY
    ).delete()
    assert "harbour" in {row.unit.key for row in found(town) if row.screen == "hidden"}


def test_the_worker_screens_once_a_day(month: Town) -> None:
    stuff(month)
    daily = Daily([screen_yesterday])
    assert daily.work(month.place, now=NOW)
    assert not daily.work(month.place, now=NOW + HOUR)
    assert Event.objects.filter(kind="leads.found").count() == 1
