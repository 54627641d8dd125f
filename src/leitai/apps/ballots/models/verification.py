"""How a bad verdict is verified: called back by somebody outside the unit, and set aside only by a second person."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """What a call-back found."""

    UPHELD = "upheld", _("found true")
    NOT_UPHELD = "not-upheld", _("not found true")
    MISTAKEN = "mistaken", _("given by mistake")
    MALICIOUS = "malicious", _("malicious")
    OUT_OF_REMIT = "out-of-remit", _("not this unit's business")
    UNREACHABLE = "unreachable", _("not reached")


class CallBack(models.Model):
    """One bad verdict in the hands of one caller, who was drawn and does not see the unit's version.

    `seed` is what anyone can draw again with; `note` is sealed.
    """

    ballot = models.ForeignKey("ballots.Ballot", models.PROTECT, related_name="callbacks", db_index=False)
    caller = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="callbacks", verbose_name=_("caller")
    )
    seed = models.CharField(_("seed"), max_length=64)
    drawn_at = models.DateTimeField(_("drawn at"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    tried_at = models.DateTimeField(_("last tried at"), null=True)
    outcome = models.CharField(_("outcome"), max_length=15, choices=Outcome.choices, blank=True, default="")
    note = models.BinaryField(_("note"), default=b"")
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")
        indexes = [
            models.Index(fields=["caller"], condition=models.Q(outcome=""), name="callback_to_make"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["ballot"], name="callback_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", *Outcome.values]), name="callback_outcome_known"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", done_at__isnull=True)
                | ~models.Q(outcome="") & models.Q(done_at__isnull=False),
                name="callback_done_with_an_outcome",
            ),
        ]


class Ask(models.TextChoices):
    """Who asks for a review, and for what."""

    PROPOSAL = "proposal", _("the caller proposes to set it aside")
    APPEAL = "appeal", _("the unit appeals")
    OBJECTION = "objection", _("the citizen objects")


class Review(models.Model):
    """A decision asked for once and made by a second person, with a reason and the number of the rule.

    Granted, a proposal or an appeal sets the verdict aside; an objection brings it back.
    """

    ballot = models.ForeignKey("ballots.Ballot", models.PROTECT, related_name="reviews", db_index=False)
    ask = models.CharField(_("kind"), max_length=10, choices=Ask.choices)
    text = models.TextField(_("grounds"), blank=True, default="")
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.CharField(_("opened by"), max_length=100)
    granted = models.BooleanField(_("granted"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    rule = models.CharField(_("rule"), max_length=120, blank=True, default="")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.CharField(_("decided by"), max_length=100, blank=True, default="")

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(fields=["ballot", "ask"], name="review_once_a_kind"),
            models.CheckConstraint(condition=models.Q(ask__in=Ask.values), name="review_kind_known"),
            models.CheckConstraint(
                condition=models.Q(granted__isnull=True, decided_at__isnull=True, decided_by="")
                | models.Q(granted__isnull=False, decided_at__isnull=False) & ~models.Q(decided_by=""),
                name="review_decided_whole_or_not",
            ),
            models.CheckConstraint(
                condition=models.Q(granted__isnull=True) | ~models.Q(reason="") & ~models.Q(rule=""),
                name="review_decided_with_reason_and_rule",
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("opened_by")), name="review_by_a_second_person"
            ),
        ]
        indexes = [
            models.Index(
                fields=["opened_at"], condition=models.Q(granted__isnull=True), name="review_waiting"
            )
        ]
