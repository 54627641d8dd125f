"""Rows of inspections: a round, its visits, what each line of the checklist came to, and findings."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Round(models.Model):
    """One time an inspection of the rule-book comes round. `report` is canonical JSON, frozen when it is closed."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="inspections")
    key = models.CharField(_("inspection"), max_length=60)
    period = models.CharField(_("period"), max_length=10)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    report = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        constraints = [
            models.UniqueConstraint(fields=["place", "key", "period"], name="round_once"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, report="")
                | models.Q(closed_at__isnull=False) & ~models.Q(report=""),
                name="round_closed_with_report",
            ),
        ]


class Visit(models.Model):
    """A group's visit to a unit. `minutes` is what it took the unit, noted when it was over."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="visits")
    group = models.CharField(_("group"), max_length=60)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="inspections")
    planned = models.DateField(_("planned for"))
    began_at = models.DateTimeField(_("began at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    by = models.CharField(_("by"), max_length=100, blank=True, default="")
    minutes = models.PositiveIntegerField(_("minutes it cost"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, default="")
    dropped_why = models.CharField(_("not held because"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.UniqueConstraint(fields=["round", "group", "unit"], name="inspection_visit_once"),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, minutes__isnull=True)
                | models.Q(began_at__isnull=False, ended_at__gte=models.F("began_at"), minutes__gte=1)
                & ~models.Q(by=""),
                name="inspection_visit_whole",
            ),
        ]
        indexes = [models.Index(fields=["unit", "planned"], name="inspection_of_unit")]


class Answer(models.Model):
    """What a line of the checklist came to at a visit: "yes", "no", a number, or words."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="answers")
    item = models.CharField(_("item"), max_length=60)
    value = models.CharField(_("answer"), max_length=300)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=100)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["visit", "item"], name="inspection_answer_once")]


class Finding(models.Model):
    """Something found at a visit; opens a case about `finding:<number>`. The unit's own words are kept beside it."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="findings")
    item = models.CharField(_("item"), max_length=60)
    text = models.CharField(_("what was found"), max_length=500)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=100)
    reply = models.CharField(_("what the unit says to it"), max_length=500, blank=True, default="")
    replied_by = models.CharField(_("said by"), max_length=100, blank=True, default="")
    replied_at = models.DateTimeField(_("said at"), null=True, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="finding_says_what"),
            models.CheckConstraint(
                condition=models.Q(reply="", replied_by="", replied_at__isnull=True)
                | models.Q(replied_at__isnull=False) & ~models.Q(reply="") & ~models.Q(replied_by=""),
                name="finding_reply_whole",
            ),
        ]
