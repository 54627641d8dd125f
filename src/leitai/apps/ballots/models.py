"""Rows of verdicts. What a citizen says beyond the grade lies apart, sealed, and is purged when its purpose ends."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leitai.apps.people.models import Named


class Point(Named):
    """Where a verdict can be given: the code on the wall of a unit, hall, window or site."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="points")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="points")
    number = models.BigIntegerField(_("number"), unique=True)
    generation = models.PositiveSmallIntegerField(_("generation"), default=1)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("verdict point")
        verbose_name_plural = _("verdict points")


class Standing(models.TextChoices):
    """What a verdict counts as now."""

    COUNTED = "counted", _("counted")
    UPHELD = "upheld", _("found true")
    SET_ASIDE = "set_aside", _("set aside")


class Ballot(models.Model):
    """One verdict. Never deleted; a set-aside one stays, with the reason."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="ballots")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="ballots")
    point = models.ForeignKey(Point, models.PROTECT, null=True, blank=True, related_name="ballots")
    grade = models.CharField(_("grade"), max_length=30)
    bad = models.BooleanField(_("bad"))
    channel = models.CharField(_("channel"), max_length=20, default="standing")
    cast_at = models.DateTimeField(_("cast at"))
    standing = models.CharField(
        _("standing"), max_length=12, choices=Standing.choices, default=Standing.COUNTED
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    answer = models.CharField(_("what was put right"), max_length=500, blank=True, default="")
    receipt = models.CharField(_("receipt"), max_length=24, unique=True, null=True)
    once = models.CharField(_("idempotency key"), max_length=64, null=True)
    source = models.CharField(_("source"), max_length=60, blank=True, default="")
    source_id = models.CharField(_("source id"), max_length=120, blank=True, default="")
    batch = models.CharField(
        _("import batch"), max_length=64, blank=True, default="", help_text=_("its digest")
    )

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        constraints = [
            models.UniqueConstraint(fields=["place", "once"], name="ballot_once"),
            models.UniqueConstraint(
                fields=["place", "source", "source_id"],
                condition=~models.Q(source_id=""),
                name="ballot_source_once",
            ),
            models.CheckConstraint(
                condition=models.Q(standing__in=Standing.values), name="ballot_standing_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(standing="set_aside") | ~models.Q(reason=""),
                name="ballot_set_aside_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(answer="") | models.Q(standing="upheld"),
                name="ballot_only_upheld_is_answered",
            ),
            models.CheckConstraint(
                condition=~models.Q(standing="upheld") | models.Q(bad=True), name="ballot_only_bad_is_upheld"
            ),
        ]
        indexes = [
            models.Index(fields=["place", "cast_at"], name="ballot_by_time"),
            models.Index(fields=["unit", "cast_at"], name="ballot_by_unit"),
            models.Index(fields=["place", "batch"], condition=~models.Q(batch=""), name="ballot_of_batch"),
            models.Index(
                fields=["place", "cast_at"],
                condition=models.Q(bad=True, standing="counted", source=""),
                name="ballot_waiting",
            ),
        ]


class Words(models.Model):
    """What the citizen added, sealed with the place's data key; purged after `keep_until`."""

    ballot = models.OneToOneField(Ballot, models.CASCADE, related_name="words")
    reasons = models.JSONField(default=list)
    sealed = models.BinaryField()
    keep_until = models.DateField(db_index=True)
