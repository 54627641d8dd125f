"""Rows of the drive: how far each place's ledger has been read, and which rule has fired on which event."""

from django.db import models


class Cursor(models.Model):
    """The number of the next event to read. Locked while a batch is worked on."""

    place = models.OneToOneField("people.Place", models.PROTECT, primary_key=True, related_name="cursor")
    seq = models.BigIntegerField(default=0)


class Firing(models.Model):
    """A rule that was carried out on an event, for a unit where it is about one. The row makes it at most once."""

    event = models.ForeignKey("ledger.Event", models.PROTECT, related_name="firings")
    rule = models.CharField(max_length=64)
    unit = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "rule", "unit"], name="rule_fires_once")]
