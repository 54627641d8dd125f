"""Rows of burden: asks beside the rule-book's own, each once and with its basis, and months above the ceiling."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ask(models.Model):
    """A figure, form or list that units are asked for beside the rule-book: on what basis, until when, how long.

    `figure` is what is asked, as a key; the same figure of the same period is asked once. `period` may be empty for
    something that has none.
    """

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="asks")
    title = models.CharField(_("what is asked"), max_length=200)
    figure = models.SlugField(_("key of the figure"), max_length=60)
    period = models.CharField(_("period"), max_length=10, blank=True, default="")
    basis = models.CharField(_("legal basis"), max_length=300)
    minutes = models.PositiveIntegerField(_("minutes it takes"))
    asked_by = models.CharField(_("asked by"), max_length=100)
    asked_at = models.DateTimeField(_("asked at"))
    due = models.DateTimeField(_("due"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_why = models.CharField(_("withdrawn because"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("ask")
        verbose_name_plural = _("asks")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "figure", "period"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="ask_once",
            ),
            models.CheckConstraint(condition=~models.Q(basis=""), name="ask_has_basis"),
            models.CheckConstraint(condition=models.Q(minutes__gte=1), name="ask_takes_time"),
            models.CheckConstraint(condition=models.Q(due__gt=models.F("asked_at")), name="ask_due_later"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_why="")
                | models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawn_why=""),
                name="ask_withdrawn_with_reason",
            ),
        ]


class Reply(models.Model):
    """What a unit that was asked has answered, if it has."""

    ask = models.ForeignKey(Ask, models.PROTECT, related_name="replies")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="asks")
    text = models.TextField(_("answer"), blank=True, default="")
    at = models.DateTimeField(_("answered at"), null=True, blank=True)
    by = models.CharField(_("answered by"), max_length=100, blank=True, default="")

    class Meta:
        verbose_name = _("answer to an ask")
        verbose_name_plural = _("answers to asks")
        constraints = [
            models.UniqueConstraint(fields=["ask", "unit"], name="ask_reply_once"),
            models.CheckConstraint(
                condition=models.Q(at__isnull=True, text="", by="")
                | models.Q(at__isnull=False) & ~models.Q(text="") & ~models.Q(by=""),
                name="ask_reply_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["unit"], condition=models.Q(at__isnull=True), name="ask_reply_open"),
        ]


class Excess(models.Model):
    """A month in which the drive cost a unit more than the rule-book's ceiling: told to the office, once."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="excesses")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="excesses")
    month = models.CharField(_("month"), max_length=7)
    minutes = models.PositiveIntegerField(_("minutes it cost"))
    ceiling = models.PositiveIntegerField(_("ceiling"))
    found_at = models.DateTimeField(_("found at"))

    class Meta:
        verbose_name = _("month above the ceiling")
        verbose_name_plural = _("months above the ceiling")
        constraints = [
            models.UniqueConstraint(fields=["unit", "month"], name="excess_once"),
            models.CheckConstraint(
                condition=models.Q(minutes__gt=models.F("ceiling")), name="excess_is_above"
            ),
        ]
