"""Rows of investment promotion: teams, leads with their steps, pairs that may be one, joint starts and signings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .projects import Project

STEPS = ("found", "visited", "talks", "signed", "landed", "lost")


class Team(models.Model):
    """A team that goes out to invite business, for a unit: a park, a bureau."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="promotion_teams")
    key = models.CharField(_("key"), max_length=40)
    name = models.CharField(_("team"), max_length=200)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="promotion_teams")

    class Meta:
        verbose_name = _("promotion team")
        verbose_name_plural = _("promotion teams")
        constraints = [models.UniqueConstraint(fields=["place", "key"], name="promotion_team_once")]


class Lead(models.Model):
    """A firm that might come, as one unit follows it. `plain` is the firm's name without what firms' names share."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="investment_leads", db_index=False)
    code = models.CharField(_("code"), max_length=60)
    firm = models.CharField(_("firm"), max_length=200)
    plain = models.CharField(max_length=200)
    name = models.CharField(_("what it would build"), max_length=300)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="investment_leads")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="leads")
    chain = models.CharField(_("chain"), max_length=40, blank=True, default="")
    yuan = models.DecimalField(_("sum, yuan"), max_digits=18, decimal_places=2, null=True, blank=True)
    step = models.CharField(_("stands at"), max_length=10, default="found")
    step_on = models.DateField(_("since"))
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="leads")

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints = [
            models.UniqueConstraint(fields=["place", "code"], name="investment_lead_once"),
            models.CheckConstraint(condition=models.Q(step__in=STEPS), name="investment_lead_step_known"),
            models.CheckConstraint(
                condition=models.Q(yuan__isnull=True) | models.Q(yuan__gte=0), name="investment_lead_sum"
            ),
        ]
        indexes = [
            models.Index(fields=["place", "plain"], name="investment_lead_firm"),
            models.Index(fields=["place", "step", "step_on"], name="investment_lead_by_step"),
        ]


class LeadStep(models.Model):
    """One step of a lead on a day: found, visited, in talks, signed, landed, lost."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="steps")
    step = models.CharField(_("step"), max_length=10)
    on = models.DateField(_("on"))
    text = models.CharField(_("what was said or agreed"), max_length=500)
    by = models.CharField(_("by"), max_length=100)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("step of a lead")
        verbose_name_plural = _("steps of leads")
        constraints = [
            models.CheckConstraint(condition=models.Q(step__in=STEPS), name="lead_step_known"),
            models.UniqueConstraint(
                fields=["lead", "step"],
                condition=models.Q(step__in=("found", "signed", "landed")),
                name="lead_step_once",
            ),
        ]


class Twins(models.Model):
    """Two leads that a person looked at: one firm followed twice, or two."""

    first = models.ForeignKey(Lead, models.CASCADE, related_name="+")
    second = models.ForeignKey(Lead, models.CASCADE, related_name="+")
    same = models.BooleanField(_("the same"))
    note = models.CharField(_("note"), max_length=300)
    by = models.CharField(_("by"), max_length=100)
    at = models.DateTimeField(_("at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="twins_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="twins_in_order"),
        ]


class Gathering(models.Model):
    """A joint start or signing. `occasion` is the number of the occasion it is, where the calendar has it."""

    KINDS = ("start", "signing")

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="joint_starts")
    kind = models.CharField(_("kind"), max_length=10)
    on = models.DateField(_("on"))
    name = models.CharField(_("name"), max_length=200)
    where = models.CharField(_("where"), max_length=200, blank=True, default="")
    occasion = models.BigIntegerField(_("occasion"), null=True, blank=True)

    class Meta:
        verbose_name = _("joint start or signing")
        verbose_name_plural = _("joint starts and signings")
        constraints = [
            models.UniqueConstraint(fields=["place", "kind", "on"], name="gathering_once_a_day"),
            models.CheckConstraint(condition=models.Q(kind__in=("start", "signing")), name="gathering_known"),
        ]


class Part(models.Model):
    """A project that is started or signed at a joint occasion."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="parts")
    project = models.ForeignKey(Project, models.PROTECT, related_name="parts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gathering", "project"], name="part_once")]
