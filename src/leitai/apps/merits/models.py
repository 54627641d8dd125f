"""Rows of consequences. The database itself refuses a decision without rule, evidence, or the right to reply."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ProposalState(models.TextChoices):
    """How far a proposal has come: the states of the flow (`rules/merits/flow.py`), by their words on screens."""

    PROPOSED = "proposed", _("proposed")
    REPLIED = "replied", _("answered")
    DECIDED = "decided", _("decided")


class Proposal(models.Model):
    """A consequence that a rule proposes for a unit or its head; people decide it."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="proposals")
    merit = models.CharField(_("consequence"), max_length=60)
    tone = models.CharField(_("tone"), max_length=20)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="proposals")
    target = models.CharField(_("for"), max_length=10, default="unit")
    rule = models.CharField(_("rule"), max_length=500)
    reason = models.CharField(_("reason"), max_length=500)
    evidence = models.CharField(_("evidence"), max_length=120, help_text=_("the event it follows from"))
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState.choices, default=ProposalState.PROPOSED
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    reply_by = models.DateTimeField(_("reply by"), null=True, blank=True)
    reply = models.TextField(_("reply"), blank=True, default="")
    replied_at = models.DateTimeField(_("replied at"), null=True, blank=True)
    upheld = models.BooleanField(_("upheld"), null=True)
    decision = models.TextField(_("decision"), blank=True, default="")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=100, blank=True, default="")
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)

    class Meta:
        verbose_name = _("consequence")
        verbose_name_plural = _("consequences")
        constraints = [
            models.CheckConstraint(
                condition=~Q(rule="") & ~Q(evidence=""), name="proposal_has_rule_and_evidence"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True)
                | Q(replied_at__isnull=False)
                | Q(reply_by__isnull=True)
                | Q(decided_at__gte=F("reply_by")),
                name="proposal_hears_before_deciding",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True)
                | Q(replied_at__isnull=False)
                | ~Q(tone="accountability")
                | Q(reply_by__isnull=False),
                name="proposal_accountability_waits_for_reply",
            ),
            models.CheckConstraint(
                condition=Q(state="decided", decided_at__isnull=False, upheld__isnull=False)
                & ~Q(decision="")
                & ~Q(decided_by="")
                | ~Q(state="decided") & Q(decided_at__isnull=True, upheld__isnull=True),
                name="proposal_decided_whole_or_not",
            ),
        ]
        indexes = [models.Index(fields=["place", "state", "reply_by"], name="proposal_open")]
