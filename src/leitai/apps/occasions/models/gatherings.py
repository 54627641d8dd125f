"""Rows of occasions: one for each time an occasion of the rule-book comes round."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OccasionState(models.TextChoices):
    """What became of it."""

    PLANNED = "planned", _("planned")
    DUE = "due", _("to be held")
    HELD = "held", _("held")


class Occasion(models.Model):
    """One meeting. `nominal` is the day of the rule; `at` is when it is, with the reason where it moved."""

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
        ]
        indexes = [
            models.Index(fields=["place", "at"], name="occasion_by_time"),
            models.Index(fields=["at"], condition=models.Q(state="planned"), name="occasion_next"),
        ]
