"""Rows of projects that the database must refuse."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from leitai.apps.projects.models import (
    Amount,
    Correction,
    Delay,
    Entry,
    Gathering,
    Lead,
    LeadStep,
    Membership,
    Milestone,
    Part,
    Party,
    Project,
    Task,
    Team,
    Twins,
)
from tests.apps.bad import again, bad, changed
from tests.factories import BY, DAY, NOW, Town

TODAY = NOW.date()


def project(town: Town, code: str = "P-1") -> Project:
    return Project.objects.create(
        place=town.place, code=code, name="Works", stage="talks", stage_since=TODAY, added_at=NOW
    )


def amount(town: Town) -> Amount:
    return Amount.objects.create(project=project(town), what="planned", yuan=1, on=TODAY, by=BY, at=NOW)


def entry(town: Town) -> Entry:
    return Entry.objects.create(project=project(town), stage="talks", on=TODAY, by=BY, at=NOW)


def milestone(town: Town) -> Milestone:
    return Milestone.objects.create(project=project(town), key="a", name="A", plan=TODAY, set_on=TODAY)


def task(town: Town) -> Task:
    return Task.objects.create(project=project(town), week="2024-W15", text="Pour", by=BY, at=NOW)


def delay(town: Town) -> Delay:
    row = project(town)
    return Delay.objects.create(
        project=row, cause="stop", first=TODAY, last=TODAY, text="Rain", claimed_by=BY, claimed_at=NOW
    )


def correction(town: Town) -> Correction:
    return Correction.objects.create(project=project(town), field="land", said="5", by=BY, at=NOW)


def lead(town: Town, code: str = "L-1") -> Lead:
    return Lead.objects.create(
        place=town.place, code=code, firm="F", plain="f", name="N", unit=town.units["water"], step_on=TODAY
    )


def step(town: Town) -> LeadStep:
    return LeadStep.objects.create(lead=lead(town), step="found", on=TODAY, text="x", by=BY, at=NOW)


def team(town: Town) -> Team:
    return Team.objects.create(place=town.place, key="one", name="One", unit=town.units["water"])


def twins(town: Town) -> Twins:
    first, second = sorted((lead(town), lead(town, "L-2")), key=lambda one: one.pk)
    return Twins.objects.create(first=first, second=second, same=True, note="x", by=BY, at=NOW)


def gathering(town: Town) -> Gathering:
    return Gathering.objects.create(place=town.place, kind="start", on=TODAY, name="Start")


bad(Project, "project_code_once")(lambda t: again(project(t)))
bad(Project, "project_is_named")(lambda t: changed(project(t), name=""))
bad(Project, "project_on_the_globe")(lambda t: changed(project(t), longitude=200.0, latitude=0.0))
bad(Project, "project_light_known")(lambda t: changed(project(t), light="blue"))
bad(Project, "project_sums_not_negative")(lambda t: changed(project(t), arrived=Decimal(-1)))
bad(Project, "project_closed_says_why")(lambda t: changed(project(t), closed_on=TODAY))
bad(Project, "project_path_whole")(lambda t: changed(project(t), path_what="Land permit"))
bad(Amount, "amount_once_a_day")(lambda t: again(amount(t)))
bad(Amount, "amount_known")(lambda t: changed(amount(t), what="dreamt"))
bad(Amount, "amount_not_negative")(lambda t: changed(amount(t), yuan=Decimal(-1)))
bad(Entry, "entry_once_a_day")(lambda t: again(entry(t)))
bad(Entry, "entry_back_says_why")(lambda t: changed(entry(t), back=True))
bad(Milestone, "milestone_once")(lambda t: again(milestone(t)))
bad(Milestone, "milestone_fact_evidence")(lambda t: changed(milestone(t), fact=TODAY))
bad(Task, "task_once")(lambda t: again(task(t)))
bad(Task, "task_closed_with_words")(lambda t: changed(task(t), outcome="done", closed_at=NOW, closed_by=BY))
bad(Delay, "delay_ends_after_it_began")(lambda t: changed(delay(t), last=(NOW - DAY).date()))
bad(Delay, "delay_answered_by_somebody")(lambda t: changed(delay(t), state="agreed", answered_at=NOW))
bad(Delay, "delay_two_parties")(lambda t: changed(delay(t), state="agreed", answered_at=NOW, answered_by=BY))
bad(Correction, "correction_open_once")(lambda t: again(correction(t)))
bad(Correction, "correction_answered")(lambda t: changed(correction(t), state="taken"))
bad(Lead, "investment_lead_once")(lambda t: again(lead(t)))
bad(Lead, "investment_lead_step_known")(lambda t: changed(lead(t), step="dreamt"))
bad(Lead, "investment_lead_sum")(lambda t: changed(lead(t), yuan=Decimal(-1)))
bad(LeadStep, "lead_step_known")(lambda t: changed(step(t), step="dreamt"))
bad(LeadStep, "lead_step_once")(lambda t: again(step(t)))
bad(Team, "promotion_team_once")(lambda t: again(team(t)))
bad(Twins, "twins_once")(lambda t: again(twins(t)))


@bad(Twins, "twins_in_order")
def _(town: Town) -> Any:
    row = twins(town)
    return changed(row, first=row.second, second=row.first)


bad(Gathering, "gathering_once_a_day")(lambda t: again(gathering(t)))
bad(Gathering, "gathering_known")(lambda t: changed(gathering(t), kind="party"))


@bad(Part, "part_once")
def _(town: Town) -> Any:
    return again(Part.objects.create(gathering=gathering(town), project=project(town)))


@bad(Party, "party_once")
def _(town: Town) -> Any:
    return again(Party.objects.create(project=project(town), unit=town.units["tax"]))


@bad(Membership, "library_once")
def _(town: Town) -> Any:
    return again(Membership.objects.create(project=project(town), library="big", since=TODAY))
