"""Rows of rule-books: the text as it was loaded, by digest, with the day it is in force from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Version(models.Model):
    """A rule-book's text. Of several in force on the same day, the one loaded last counts."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="regimes")
    in_force = models.DateField(_("in force from"))
    text = models.TextField(_("text"))
    digest = models.CharField(_("digest"), max_length=64)
    loaded_at = models.DateTimeField(_("loaded at"))
    loaded_by = models.CharField(_("loaded by"), max_length=100)

    class Meta:
        verbose_name = _("rule-book")
        verbose_name_plural = _("rule-books")
        constraints = [models.UniqueConstraint(fields=["place", "digest"], name="regime_text_once")]
        indexes = [models.Index(fields=["place", "-in_force", "-id"], name="regime_in_force")]


class CalendarPin(models.Model):
    """A calendar as it stood when a clock was set by it, day by day, under its version: what a replay counts with."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="+", db_index=False)
    version = models.CharField(_("version"), max_length=80)
    key = models.CharField(_("calendar"), max_length=40)
    said = models.JSONField()
    pinned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "key", "version"], name="calendar_pinned_once")
        ]
