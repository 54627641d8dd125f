"""Rows of verdicts. What a citizen says beyond the grade lies apart, sealed, and is purged when its purpose ends."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    """What a verdict counts as now."""

    COUNTED = "counted", _("counted")
    UPHELD = "upheld", _("found true")
    SET_ASIDE = "set_aside", _("set aside")


class Ballot(models.Model):
    """One verdict. Never deleted; a set-aside one stays, with the reason.

    `index` is its leaf in the place's log; null only for one from before there was a log, until it is taken up.
    `once` is kept only of those from when receipts were drawn at random: now the receipt itself is made of it.
    """

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="ballots", db_index=False)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="ballots", db_index=False)
    point = models.ForeignKey(
        "ballots.Point", models.PROTECT, null=True, blank=True, related_name="ballots", db_index=False
    )
    index = models.BigIntegerField(_("leaf"), null=True, editable=False, help_text=_("in the place's log"))
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
    network = models.CharField(
        max_length=16, blank=True, default="", help_text=_("keyed digest, kept for days")
    )
    device = models.CharField(
        max_length=16, blank=True, default="", help_text=_("keyed digest, kept for days")
    )
    source = models.CharField(_("source"), max_length=60, blank=True, default="")
    source_id = models.CharField(_("source id"), max_length=120, blank=True, default="")
    batch = models.CharField(
        _("import batch"), max_length=64, blank=True, default="", help_text=_("its digest")
    )

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "once"], condition=models.Q(once__isnull=False), name="ballot_once"
            ),
            models.UniqueConstraint(fields=["place", "index"], name="ballot_leaf_once"),
            models.CheckConstraint(
                condition=models.Q(index__isnull=True) | models.Q(index__gte=0), name="ballot_leaf_from_0"
            ),
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
            models.Index(fields=["unit", "cast_at"], condition=models.Q(bad=True), name="ballot_by_unit"),
            models.Index(fields=["place", "batch"], condition=~models.Q(batch=""), name="ballot_of_batch"),
            models.Index(
                fields=["place", "cast_at"],
                condition=models.Q(bad=True, standing="counted", source=""),
                name="ballot_waiting",
            ),
            models.Index(
                fields=["place", "id"], condition=models.Q(index__isnull=True), name="ballot_to_log"
            ),
        ]


class Words(models.Model):
    """What the citizen added, sealed with the place's data key; purged after `keep_until`.

    The log holds `commitment`, a digest over `salt` and what was said: once purged it says nothing, and the proof
    that something was added at that time still holds.
    """

    ballot = models.OneToOneField(Ballot, models.CASCADE, related_name="words")
    reasons = models.JSONField(default=list)
    sealed = models.BinaryField()
    photo = models.BinaryField(null=True)
    salt = models.BinaryField(default=b"")
    commitment = models.CharField(max_length=64, blank=True, default="")
    keep_until = models.DateField(db_index=True)


class Tally(models.Model):
    """How many verdicts of a day were given at a point, by channel, grade and what each counts as now.

    Kept in the transaction of each verdict. `day` is in the place's zone; `point` is a point's number, 0 for none.
    """

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="tallies", db_index=False)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="tallies", db_index=False)
    point = models.BigIntegerField(_("point"), default=0)
    day = models.DateField(_("day"))
    channel = models.CharField(_("channel"), max_length=20)
    grade = models.CharField(_("grade"), max_length=30)
    bad = models.BooleanField(_("bad"))
    standing = models.CharField(_("standing"), max_length=12, choices=Standing.choices)
    n = models.PositiveIntegerField(_("verdicts"))

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "day", "unit", "point", "channel", "grade", "standing"], name="tally_once"
            ),
            models.CheckConstraint(
                condition=models.Q(standing__in=Standing.values), name="tally_standing_known"
            ),
        ]
        indexes = [models.Index(fields=["unit", "day"], name="tally_by_unit")]
