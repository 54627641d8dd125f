"""Rows of campaigns: what is shown for a goal by one, and accepted or refused by another."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Proof(models.Model):
    """Evidence that a goal of the rule-book is reached: what, where it can be looked at, and what became of it."""

    STATES = ("offered", "accepted", "refused")

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="proofs")
    campaign = models.CharField(_("campaign"), max_length=60)
    goal = models.CharField(_("goal"), max_length=60)
    text = models.CharField(_("what shows it"), max_length=500)
    ref = models.CharField(_("where it can be looked at"), max_length=300)
    by = models.CharField(_("by"), max_length=100)
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=10, default="offered")
    answered_by = models.CharField(_("answered by"), max_length=100, blank=True, default="")
    answered_at = models.DateTimeField(_("answered at"), null=True)
    reply = models.CharField(_("reply"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("evidence for a goal")
        verbose_name_plural = _("evidence for goals")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "campaign", "goal"],
                condition=models.Q(state__in=("offered", "accepted")),
                name="proof_one_at_a_time",
            ),
            models.CheckConstraint(condition=~models.Q(text="") & ~models.Q(ref=""), name="proof_says_what"),
            models.CheckConstraint(condition=~models.Q(answered_by=models.F("by")), name="proof_two_parties"),
            models.CheckConstraint(
                condition=models.Q(state="offered", answered_at__isnull=True, answered_by="")
                | models.Q(state="accepted", answered_at__isnull=False) & ~models.Q(answered_by="")
                | models.Q(state="refused", answered_at__isnull=False)
                & ~models.Q(answered_by="")
                & ~models.Q(reply=""),
                name="proof_answered_whole",
            ),
        ]
        indexes = [models.Index(fields=["place", "campaign", "goal"], name="proof_of_goal")]
