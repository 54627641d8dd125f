"""Rows of occasions: one for each time an occasion of the rule-book comes round, and what is made ready for it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OccasionState(models.TextChoices):
    """What became of it."""

    PLANNED = "planned", _("planned")
    OPEN = "open", _("being prepared")
    DUE = "due", _("to be held")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


class Occasion(models.Model):
    """One meeting. `nominal` is the day of the rule; `at` is when it is, with the reason where it moved.

    `shifted_by` is who moved it to another time than the rule-book's, which is kept in `planned_at`; `note` are the
    minutes in whole words, beside what was noted of each part of the agenda.
    """

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="occasions")
    key = models.CharField(_("occasion"), max_length=60)
    nominal = models.CharField(_("of"), max_length=60, help_text=_("its period, or the event that called it"))
    at = models.DateTimeField(_("at"))
    moved = models.CharField(_("moved because"), max_length=200, blank=True, default="")
    state = models.CharField(
        _("state"), max_length=10, choices=OccasionState.choices, default=OccasionState.PLANNED
    )
    called = models.BooleanField(_("called by an event"), default=False)
    late = models.BooleanField(_("told late"), default=False)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    planned_at = models.DateTimeField(_("planned for"), null=True, blank=True)
    shifted_by = models.CharField(_("moved by"), max_length=100, blank=True, default="")
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancelled_why = models.CharField(_("cancelled because"), max_length=300, blank=True, default="")
    held_at = models.DateTimeField(_("held at"), null=True, blank=True)
    note = models.TextField(_("minutes"), blank=True, default="")

    class Meta:
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")
        constraints = [
            models.UniqueConstraint(fields=["place", "key", "nominal"], name="occasion_once"),
            models.CheckConstraint(
                condition=models.Q(state="held", held_at__isnull=False)
                | ~models.Q(state="held") & models.Q(held_at__isnull=True),
                name="occasion_held_has_instant",
            ),
            models.CheckConstraint(
                condition=models.Q(state="cancelled", cancelled_at__isnull=False)
                & ~models.Q(cancelled_why="")
                | ~models.Q(state="cancelled") & models.Q(cancelled_at__isnull=True),
                name="occasion_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(shifted_by="", planned_at__isnull=True)
                | ~models.Q(shifted_by="") & ~models.Q(moved="") & models.Q(planned_at__isnull=False),
                name="occasion_shifted_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "at"], name="occasion_by_time"),
            models.Index(
                fields=["at"], condition=models.Q(state__in=("planned", "open")), name="occasion_next_open"
            ),
        ]


class Preparation(models.Model):
    """Something that must be ready before an occasion. `unit` is whose it is; none: the office's.

    `rung` is how far a missed one has climbed: 1 told to the office, 2 to the leaders.
    """

    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="preparations")
    key = models.CharField(_("preparation"), max_length=60)
    unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, related_name="preparations"
    )
    due = models.DateTimeField(_("due"))
    text = models.TextField(_("what was prepared"), blank=True, default="")
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.CharField(_("done by"), max_length=100, blank=True, default="")
    rung = models.PositiveSmallIntegerField(_("rung"), default=0)
    missed_at = models.DateTimeField(_("missed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("preparation")
        verbose_name_plural = _("preparations")
        constraints = [
            models.UniqueConstraint(fields=["occasion", "key", "unit"], name="preparation_once"),
            models.UniqueConstraint(
                fields=["occasion", "key"],
                condition=models.Q(unit__isnull=True),
                name="preparation_of_office_once",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, done_by="")
                | models.Q(done_at__isnull=False) & ~models.Q(done_by="") & ~models.Q(text=""),
                name="preparation_done_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(rung=0, missed_at__isnull=True)
                | models.Q(rung__in=(1, 2), missed_at__gte=models.F("due")),
                name="preparation_missed_after_due",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due"],
                condition=models.Q(done_at__isnull=True, rung__lt=2),
                name="preparation_waiting",
            ),
        ]
