"""Rows of what is measured: readings with their evidence and disputes, and the letters that targets come from."""

from datetime import datetime

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
    late = models.BooleanField(_("late"), default=False)
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


class Evidence(models.Model):
    """What a reading rests on: a paper or photo that is kept here, or where it can be looked up."""

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="evidence")
    name = models.CharField(_("name"), max_length=120)
    link = models.URLField(_("link"), max_length=500, blank=True, default="")
    media = models.CharField(max_length=80, blank=True, default="")
    content = models.BinaryField(null=True)
    digest = models.CharField(max_length=64)
    by = models.CharField(_("by"), max_length=100)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("pieces of evidence")
        constraints = [
            models.UniqueConstraint(fields=["reading", "digest"], name="evidence_once"),
            models.CheckConstraint(
                condition=models.Q(link="", content__isnull=False)
                | ~models.Q(link="") & models.Q(content__isnull=True),
                name="evidence_kept_or_linked",
            ),
        ]


class Side(models.TextChoices):
    """Who speaks: the unit whose figure or target it is, or the office."""

    UNIT = "unit", _("the unit")
    OFFICE = "office", _("the office")


class Dispute(models.Model):
    """A reading that one side says is wrong, and what the other side answered. `before`: the state it was in."""

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="disputes")
    side = models.CharField(_("disputed by"), max_length=10, choices=Side.choices)
    reason = models.CharField(_("reason"), max_length=500)
    before = models.CharField(max_length=10, choices=ReadingState.choices)
    by = models.CharField(_("by"), max_length=100)
    at = models.DateTimeField(_("at"))
    upheld = models.BooleanField(_("upheld"), null=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True, default="")
    answered_by = models.CharField(_("answered by"), max_length=100, blank=True, default="")
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [
            models.UniqueConstraint(
                fields=["reading"],
                condition=models.Q(answered_at__isnull=True),
                name="dispute_open_once",
            ),
            models.CheckConstraint(condition=models.Q(side__in=Side.values), name="dispute_side_known"),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, upheld__isnull=True, answer="", answered_by="")
                | models.Q(answered_at__isnull=False, upheld__isnull=False)
                & ~models.Q(answer="")
                & ~models.Q(answered_by=""),
                name="dispute_answered_whole",
            ),
        ]

    def close(self, *, upheld: bool, answer: str, by: str, now: datetime) -> None:
        """What became of it, to be saved by the act that records it."""
        self.upheld, self.answer, self.answered_by, self.answered_at = upheld, answer.strip()[:500], by, now


class Letter(models.Model):
    """A responsibility letter (责任书): the targets of a unit, which count once both sides have confirmed its text.

    `digest` is that of the text; once signed it also stands in the ledger, and nothing changes it. A letter that is
    to be changed is replaced by another one that both sides confirm.
    """

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="letters")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="letters")
    period = models.CharField(_("period"), max_length=10)
    title = models.CharField(_("title"), max_length=200)
    document = models.CharField(_("document"), max_length=300)
    digest = models.CharField(max_length=64)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replacements", verbose_name=_("replaces")
    )
    drafted_by = models.CharField(_("drafted by"), max_length=100)
    drafted_at = models.DateTimeField(_("drafted at"))
    unit_by = models.CharField(_("confirmed for the unit by"), max_length=100, blank=True, default="")
    unit_at = models.DateTimeField(_("confirmed for the unit at"), null=True)
    office_by = models.CharField(_("confirmed for the office by"), max_length=100, blank=True, default="")
    office_at = models.DateTimeField(_("confirmed for the office at"), null=True)

    class Meta:
        verbose_name = _("responsibility letter")
        verbose_name_plural = _("responsibility letters")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit_by="") | ~models.Q(unit_by=models.F("office_by")),
                name="letter_by_two",
            ),
            models.CheckConstraint(
                condition=(models.Q(unit_by="", unit_at__isnull=True))
                | (~models.Q(unit_by="") & models.Q(unit_at__isnull=False)),
                name="letter_unit_whole",
            ),
            models.CheckConstraint(
                condition=(models.Q(office_by="", office_at__isnull=True))
                | (~models.Q(office_by="") & models.Q(office_at__isnull=False)),
                name="letter_office_whole",
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=models.Q(replaces__isnull=False, unit_at__isnull=False, office_at__isnull=False),
                name="letter_replaced_once",
            ),
        ]
        indexes = [models.Index(fields=["place", "unit"], name="letter_of_unit")]

    @property
    def signed(self) -> bool:
        """Whether both sides have confirmed it."""
        return self.unit_at is not None and self.office_at is not None


class Term(models.Model):
    """One target of a letter. It stands from when the letter is signed until another letter takes its place."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="terms")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="terms")
    measure = models.CharField(_("measure"), max_length=60)
    period = models.CharField(_("period"), max_length=10)
    target = models.DecimalField(_("target"), max_digits=24, decimal_places=6)
    standing = models.BooleanField(_("in force"), default=False)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(fields=["letter", "measure", "period"], name="term_once_in_letter"),
            models.UniqueConstraint(
                fields=["unit", "measure", "period"],
                condition=models.Q(standing=True),
                name="term_standing_once",
            ),
        ]
        indexes = [models.Index(fields=["measure", "period"], name="term_of_measure")]
