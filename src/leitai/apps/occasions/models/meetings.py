"""Rows of a meeting: the pack it reads, what was noted, what was said, and what was promised and came of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .gatherings import Occasion


class Pack(models.Model):
    """What a meeting reads, as it stood when it was made; `content` is canonical JSON, `digest` its SHA-256.

    A pack is made when the occasion falls due and never changed. Until then the page shows what it would be.
    """

    occasion = models.OneToOneField(Occasion, models.PROTECT, related_name="pack")
    made_at = models.DateTimeField(_("made at"))
    content = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("pack")
        verbose_name_plural = _("packs")


class Minute(models.Model):
    """What was noted of a part of the agenda. A later note of the same part replaces it on the page; both are kept."""

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="minutes")
    part = models.CharField(_("part of the agenda"), max_length=20)
    text = models.TextField(_("minutes"))
    by = models.CharField(_("by"), max_length=100)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("minute")
        verbose_name_plural = _("minutes")
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="minute_says_something")]


class Statement(models.Model):
    """What a unit says before a meeting: its experience, or its statement (表态发言). Asked, then given or not."""

    KINDS = ("experience", "statement")

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="statements")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="statements")
    kind = models.CharField(_("kind"), max_length=12)
    turn = models.PositiveSmallIntegerField(_("turn"), help_text=_("place in the order of speaking, from 1"))
    why = models.CharField(_("why"), max_length=300)
    asked_at = models.DateTimeField(_("asked at"))
    due = models.DateTimeField(_("due"))
    text = models.TextField(_("what is said"), blank=True, default="")
    given_at = models.DateTimeField(_("given at"), null=True, blank=True)
    given_by = models.CharField(_("given by"), max_length=100, blank=True, default="")

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = [
            models.UniqueConstraint(fields=["occasion", "unit"], name="statement_once"),
            models.UniqueConstraint(fields=["occasion", "turn"], name="statement_turn_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=("experience", "statement")), name="statement_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(given_at__isnull=True, given_by="", text="")
                | models.Q(given_at__isnull=False) & ~models.Q(given_by="") & ~models.Q(text=""),
                name="statement_given_whole",
            ),
        ]


class Commitment(models.Model):
    """A decision of a meeting that binds a unit until a day: to a figure, or to evidence that another accepts.

    `kind` measure: the reading (or fact) of `measure` in `period` is to be `sense` `target`. `kind` evidence: the unit
    shows `evidence`, and the office, not the unit, accepts it or not. Tested before the next agenda of the same
    occasion after `due`: kept, missed, or unknown (cannot tell), with `why` in words and what was `found`.
    """

    KINDS = ("measure", "evidence")
    VERDICTS = ("kept", "missed", "unknown")

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="commitments")
    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="commitments")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="commitments")
    text = models.CharField(_("what is promised"), max_length=500)
    kind = models.CharField(_("kind"), max_length=10)
    measure = models.CharField(_("measure"), max_length=60, blank=True, default="")
    period = models.CharField(_("period"), max_length=10, blank=True, default="")
    sense = models.CharField(_("at least or at most"), max_length=2, blank=True, default="")
    target = models.DecimalField(_("target"), max_digits=24, decimal_places=6, null=True, blank=True)
    due = models.DateField(_("by"))
    made_at = models.DateTimeField(_("made at"))
    made_by = models.CharField(_("noted by"), max_length=100)
    evidence = models.CharField(_("evidence"), max_length=500, blank=True, default="")
    evidence_at = models.DateTimeField(_("evidence given at"), null=True, blank=True)
    evidence_by = models.CharField(_("evidence given by"), max_length=100, blank=True, default="")
    accepted = models.BooleanField(_("accepted"), null=True)
    accepted_by = models.CharField(_("looked at by"), max_length=100, blank=True, default="")
    accepted_why = models.CharField(_("because"), max_length=300, blank=True, default="")
    times = models.PositiveSmallIntegerField(
        _("time"), default=1, help_text=_("1: promised first; 2: promised again")
    )
    again = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promised_again",
        verbose_name=_("again after"),
    )
    verdict = models.CharField(_("what came of it"), max_length=10, blank=True, default="")
    found = models.DecimalField(_("found"), max_digits=24, decimal_places=6, null=True, blank=True)
    why = models.CharField(_("why"), max_length=300, blank=True, default="")
    tested_at = models.DateTimeField(_("tested at"), null=True, blank=True)

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="measure", sense__in=("ge", "le"), target__isnull=False)
                & ~models.Q(measure="")
                & ~models.Q(period="")
                | models.Q(kind="evidence", measure="", sense="", target__isnull=True),
                name="commitment_can_be_tested",
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="", tested_at__isnull=True)
                | models.Q(verdict__in=("kept", "missed", "unknown"), tested_at__isnull=False)
                & ~models.Q(why=""),
                name="commitment_tested_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted__isnull=True)
                | ~models.Q(evidence="")
                & ~models.Q(accepted_by="")
                & ~models.Q(accepted_by=models.F("evidence_by")),
                name="commitment_accepted_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "due"], condition=models.Q(verdict=""), name="commitment_open"),
            models.Index(fields=["unit", "due"], name="commitment_of_unit"),
        ]
