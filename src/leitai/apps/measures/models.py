"""Rows of readings: what a unit reported, or a record brought, for a measure and a period."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReadingState(models.TextChoices):
    """How far a reading can be relied on."""

    REPORTED = "reported", _("reported")
    VERIFIED = "verified", _("verified")
    DISPUTED = "disputed", _("disputed")


class Reading(models.Model):
    """A value, or a numerator and a denominator. A correction is a new row that replaces the old one."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="readings")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="readings")
    measure = models.CharField(_("measure"), max_length=60)
    period = models.CharField(_("period"), max_length=10)
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=6, null=True, blank=True)
    numerator = models.DecimalField(_("numerator"), max_digits=24, decimal_places=6, null=True, blank=True)
    denominator = models.DecimalField(
        _("denominator"), max_digits=24, decimal_places=6, null=True, blank=True
    )
    target = models.DecimalField(_("target"), max_digits=24, decimal_places=6, null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ReadingState.choices, default=ReadingState.REPORTED
    )
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    reported_at = models.DateTimeField(_("reported at"))
    reported_by = models.CharField(_("reported by"), max_length=100)
    source = models.CharField(_("source"), max_length=60, blank=True, default="")
    source_id = models.CharField(_("source id"), max_length=120, blank=True, default="")

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "source", "source_id"],
                condition=~models.Q(source_id=""),
                name="reading_source_once",
            ),
            models.UniqueConstraint(
                fields=["unit", "measure", "period"],
                condition=models.Q(source_id="", replaces__isnull=True),
                name="reading_reported_once",
            ),
            models.CheckConstraint(
                condition=models.Q(value__isnull=False, numerator__isnull=True, denominator__isnull=True)
                | models.Q(value__isnull=True, numerator__isnull=False, denominator__gt=0),
                name="reading_value_or_rate",
            ),
        ]
        indexes = [models.Index(fields=["place", "measure", "period"], name="reading_of_period")]
