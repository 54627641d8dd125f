"""Rows of how a project goes: milestones, the week's tasks, delays with their causes, what the enterprise corrects."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .projects import Project

ANSWERED = ("agreed", "refused")


class Milestone(models.Model):
    """Something that is reached on a day or is not. `plan` as it was set on `set_on`; `fact` needs its evidence.

    `stage` is the stage that begins with it, if one does. `outdoors`: the winter stop counts for it.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones")
    key = models.CharField(_("key"), max_length=40)
    name = models.CharField(_("milestone"), max_length=200)
    stage = models.CharField(_("stage"), max_length=40, blank=True, default="")
    outdoors = models.BooleanField(_("built outdoors"), default=False)
    plan = models.DateField(_("planned"))
    set_on = models.DateField(_("planned on"))
    forecast = models.DateField(_("foreseen"), null=True, blank=True)
    fact = models.DateField(_("reached"), null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="milestone_once"),
            models.CheckConstraint(
                condition=models.Q(fact__isnull=True) | ~models.Q(evidence=""), name="milestone_fact_evidence"
            ),
        ]
        indexes = [
            models.Index(fields=["project", "plan"], name="milestone_in_order"),
            models.Index(fields=["plan"], condition=models.Q(fact__isnull=True), name="milestone_open"),
        ]


class Task(models.Model):
    """What is to be done for a project in a week, and whether it was, with what can be looked at."""

    OUTCOMES = ("", "done", "not-done")

    project = models.ForeignKey(Project, models.CASCADE, related_name="tasks")
    week = models.CharField(_("week"), max_length=10)
    text = models.CharField(_("to be done"), max_length=300)
    milestone = models.ForeignKey(
        Milestone, models.SET_NULL, null=True, blank=True, related_name="tasks", db_index=False
    )
    by = models.CharField(_("by"), max_length=100)
    at = models.DateTimeField(_("at"))
    outcome = models.CharField(_("outcome"), max_length=10, blank=True, default="")
    note = models.CharField(_("what can be looked at, or why not"), max_length=500, blank=True, default="")
    closed_by = models.CharField(_("said by"), max_length=100, blank=True, default="")
    closed_at = models.DateTimeField(_("said at"), null=True, blank=True)

    class Meta:
        verbose_name = _("week's task")
        verbose_name_plural = _("week's tasks")
        constraints = [
            models.UniqueConstraint(fields=["project", "week", "text"], name="task_once"),
            models.CheckConstraint(
                condition=models.Q(outcome="", closed_at__isnull=True, closed_by="")
                | models.Q(outcome__in=("done", "not-done"), closed_at__isnull=False)
                & ~models.Q(closed_by="")
                & ~models.Q(note=""),
                name="task_closed_with_words",
            ),
        ]
        indexes = [models.Index(fields=["week", "project"], name="task_of_week")]


class Delay(models.Model):
    """Days on which a project stood still, by a cause of the rule-book: claimed by one, agreed to by another.

    `ref` is the case or permit that it waits for, as events name it ("case:LQ-12", "permit:7").
    """

    STATES = ("claimed", "agreed", "refused")

    project = models.ForeignKey(Project, models.CASCADE, related_name="delays")
    cause = models.CharField(_("cause"), max_length=40)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    text = models.CharField(_("what happened"), max_length=500)
    ref = models.CharField(_("waits for"), max_length=120, blank=True, default="")
    state = models.CharField(_("state"), max_length=10, default="claimed")
    claimed_by = models.CharField(_("claimed by"), max_length=100)
    claimed_at = models.DateTimeField(_("claimed at"))
    answered_by = models.CharField(_("answered by"), max_length=100, blank=True, default="")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    reply = models.CharField(_("reply"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("delay")
        verbose_name_plural = _("delays")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")), name="delay_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=models.Q(state="claimed", answered_at__isnull=True, answered_by="")
                | models.Q(state__in=ANSWERED, answered_at__isnull=False) & ~models.Q(answered_by=""),
                name="delay_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(answered_by=models.F("claimed_by")), name="delay_two_parties"
            ),
        ]
        indexes = [
            models.Index(fields=["claimed_at"], condition=models.Q(state="claimed"), name="delay_to_answer")
        ]


class Correction(models.Model):
    """What an enterprise says is not so of its project: a field, what it should say; taken or refused with words."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="corrections")
    field = models.CharField(_("what"), max_length=20)
    said = models.CharField(_("as the enterprise has it"), max_length=500)
    by = models.CharField(_("by"), max_length=100)
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=10, default="open")
    reply = models.CharField(_("reply"), max_length=500, blank=True, default="")
    answered_by = models.CharField(_("answered by"), max_length=100, blank=True, default="")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "field"], condition=models.Q(state="open"), name="correction_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", answered_at__isnull=True, answered_by="")
                | models.Q(state__in=("taken", "refused"), answered_at__isnull=False)
                & ~models.Q(answered_by=""),
                name="correction_answered",
            ),
        ]
