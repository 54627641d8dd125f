"""Rows of consequences. The database itself refuses a decision without rule, evidence, or the right to reply."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ProposalState(models.TextChoices):
    """How far a proposal has come: the states of the flow (`rules/merits/flow.py`), by their words on screens."""

    PROPOSED = "proposed", _("proposed")
    REPLIED = "replied", _("answered")
    DECIDED = "decided", _("decided")
    APPEALED = "appealed", _("under appeal")
    SETTLED = "settled", _("settled on appeal")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Proposal(models.Model):
    """A consequence that a rule proposes for a unit or its head; people decide it.

    `official` is who headed the unit when it happened, not who heads it when it is decided. `number` is the article
    of the rules, `evidence` the event it follows from, `links` the subjects of the house it rests on ("table:3",
    "case:12"). For an honour the time to reply is the public notice, and `reply` holds what was said against it.
    `upheld` is the decision's; an appeal that is upheld undoes it. Withdrawn where what it rested on was
    corrected. `told_over_at`: when the ledger told that it had expired.
    """

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="proposals")
    merit = models.CharField(_("consequence"), max_length=60)
    tone = models.CharField(_("tone"), max_length=20)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="proposals")
    target = models.CharField(_("for"), max_length=10, default="unit")
    official = models.ForeignKey(
        "people.Official", models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    number = models.CharField(_("article"), max_length=60, blank=True, default="")
    rule = models.CharField(_("rule"), max_length=500)
    reason = models.CharField(_("reason"), max_length=500)
    evidence = models.CharField(_("evidence"), max_length=120, help_text=_("the event it follows from"))
    links = models.JSONField(_("rests on"), default=list, blank=True)
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
    told_over_at = models.DateTimeField(null=True, blank=True)
    appeal_by = models.DateTimeField(_("appeal by"), null=True, blank=True)
    appeal = models.TextField(_("appeal"), blank=True, default="")
    appealed_at = models.DateTimeField(_("appealed at"), null=True, blank=True)
    appeal_upheld = models.BooleanField(_("appeal upheld"), null=True)
    appeal_decision = models.TextField(_("decision on the appeal"), blank=True, default="")
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.CharField(_("settled by"), max_length=100, blank=True, default="")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_why = models.CharField(_("withdrawn because"), max_length=300, blank=True, default="")

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
                condition=Q(
                    state__in=("decided", "appealed", "settled", "withdrawn"),
                    decided_at__isnull=False,
                    upheld__isnull=False,
                )
                & ~Q(decision="")
                & ~Q(decided_by="")
                | Q(
                    state__in=("proposed", "replied", "withdrawn"),
                    decided_at__isnull=True,
                    upheld__isnull=True,
                ),
                name="proposal_decision_whole_or_not",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | ~Q(number="") & Q(reply_by__isnull=False),
                name="proposal_decided_by_article",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | ~Q(links=[]), name="proposal_decided_on_evidence"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("appealed", "settled"), appealed_at__isnull=False) & ~Q(appeal="")
                | Q(state="withdrawn")
                | Q(state__in=("proposed", "replied", "decided"), appealed_at__isnull=True, appeal=""),
                name="proposal_appeal_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="settled", settled_at__isnull=False, appeal_upheld__isnull=False)
                & ~Q(appeal_decision="")
                & ~Q(settled_by="")
                & ~Q(settled_by=F("decided_by"))
                | Q(state="withdrawn")
                | Q(
                    state__in=("proposed", "replied", "decided", "appealed"),
                    settled_at__isnull=True,
                    appeal_upheld__isnull=True,
                ),
                name="proposal_settled_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_why="")
                | ~Q(state="withdrawn") & Q(withdrawn_at__isnull=True),
                name="proposal_withdrawn_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "state", "reply_by"], name="proposal_open"),
            models.Index(
                fields=["expires_at"],
                condition=Q(told_over_at__isnull=True, expires_at__isnull=False),
                name="proposal_to_expire",
            ),
            models.Index(fields=["official"], name="proposal_of_official"),
        ]
