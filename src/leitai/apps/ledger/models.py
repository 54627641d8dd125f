"""Rows of the ledger. An event is written in the transaction of the act itself; its place in the order follows.

Ids are handed out before commit, so an order by id could skip a row that commits late. An event is
therefore written without a number, and a sealer gives out numbers, links and tree in small batches
(docs/adr/0003). What is numbered never changes.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One thing that happened. `at` is when it took effect, `noted_at` when the house learned of it."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="events")
    seq = models.BigIntegerField(_("number"), null=True, editable=False)
    link = models.CharField(_("link"), max_length=64, blank=True, default="", editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    at = models.DateTimeField(_("at"))
    noted_at = models.DateTimeField(_("noted at"))
    by = models.CharField(_("by"), max_length=100)
    subject = models.CharField(_("subject"), max_length=120)
    cause = models.CharField(_("cause"), max_length=120, blank=True, default="")
    data = models.TextField(_("data"), default="{}", help_text=_("canonical JSON"))

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(fields=["place", "seq"], name="event_number_once"),
            models.CheckConstraint(
                condition=models.Q(seq__isnull=True, link="") | models.Q(seq__gte=1) & ~models.Q(link=""),
                name="event_sealed_whole_or_not",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "id"], condition=models.Q(seq__isnull=True), name="event_unsealed"),
            models.Index(fields=["place", "subject"], name="event_by_subject"),
            models.Index(fields=["place", "kind", "seq"], name="event_by_kind"),
        ]


class Chain(models.Model):
    """The sealer's row for a place: where the chain and the tree stand. Locked while a batch is sealed."""

    place = models.OneToOneField("people.Place", models.PROTECT, primary_key=True, related_name="chain")
    size = models.BigIntegerField(default=0)
    link = models.CharField(max_length=64)
    frontier = models.BinaryField(default=b"")


class Head(models.Model):
    """The tree's root at a size, kept on a beat so that others can keep it too."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="heads")
    size = models.BigIntegerField(_("events"))
    root = models.CharField(_("root"), max_length=64)
    link = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("head")
        verbose_name_plural = _("heads")
        constraints = [models.UniqueConstraint(fields=["place", "size"], name="head_once_per_size")]


class Log(models.Model):
    """A place's log of verdicts: a Merkle tree that grows in the transaction of each leaf. Locked while it grows."""

    place = models.OneToOneField("people.Place", models.PROTECT, primary_key=True, related_name="log")
    size = models.BigIntegerField(_("leaves"), default=0)
    frontier = models.BinaryField()


class Tile(models.Model):
    """256 hashes of the tree side by side, fewer at its right edge: what proofs are made of and others can copy.

    Level 0 holds leaf hashes; a hash of level n is the root over a whole tile of level n - 1.
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="tiles", db_index=False)
    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "level", "number"], name="tile_once")]


class Checkpoint(models.Model):
    """A signed head of the log of verdicts and of the ledger, for anyone to keep. `note` is the whole text."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="checkpoints", db_index=False)
    at = models.DateTimeField(_("at"))
    size = models.BigIntegerField(_("leaves"))
    root = models.CharField(_("root"), max_length=64)
    note = models.TextField(_("signed note"))

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        constraints = [models.UniqueConstraint(fields=["place", "at"], name="checkpoint_once")]
        indexes = [models.Index(fields=["place", "size"], name="checkpoint_by_size")]
