"""Rows of contests: the call, who is nominated with what evidence, challenges, jurors, secret ballots."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Contest(models.Model):
    """One time a contest of the rule-book is called. Its stage follows from the three ends and `closed_at`.

    Nominations until `nominations_until`; then names are public and may be challenged until `notice_until`; then the
    jury votes until `vote_until`. `result` is canonical JSON of the count.
    """

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="contests")
    key = models.CharField(_("contest"), max_length=60)
    period = models.CharField(_("period"), max_length=10)
    title = models.CharField(_("title"), max_length=200)
    seats = models.PositiveSmallIntegerField(_("seats"))
    opened_at = models.DateTimeField(_("called at"))
    opened_by = models.CharField(_("called by"), max_length=100)
    nominations_until = models.DateTimeField(_("nominations until"))
    notice_until = models.DateTimeField(_("public notice until"))
    vote_until = models.DateTimeField(_("vote until"))
    checked_at = models.DateTimeField(_("records checked at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    result = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("contest")
        verbose_name_plural = _("contests")
        constraints = [
            models.UniqueConstraint(fields=["place", "key", "period"], name="contest_once"),
            models.CheckConstraint(
                condition=models.Q(nominations_until__gt=models.F("opened_at"))
                & models.Q(notice_until__gt=models.F("nominations_until"))
                & models.Q(vote_until__gt=models.F("notice_until")),
                name="contest_stages_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, result="")
                | models.Q(closed_at__gte=models.F("vote_until")) & ~models.Q(result=""),
                name="contest_closed_after_vote",
            ),
        ]


class Nomination(models.Model):
    """Who is put forward: a unit, or an official of it; with what the record said of it and what became of it.

    `checks` is canonical JSON: each check of the rule-book with the figures it was asked of and whether it held.
    """

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="nominations")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="nominations")
    official = models.ForeignKey(
        "people.Official", models.PROTECT, null=True, blank=True, related_name="nominations"
    )
    why = models.TextField(_("why"))
    by = models.CharField(_("nominated by"), max_length=100)
    at = models.DateTimeField(_("nominated at"))
    checks = models.TextField(blank=True, default="")
    passed = models.BooleanField(_("record allows it"), null=True)
    excluded_why = models.CharField(_("left out because"), max_length=300, blank=True, default="")
    votes = models.PositiveSmallIntegerField(_("votes"), null=True, blank=True)
    elected = models.BooleanField(_("elected"), null=True)

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "unit"],
                condition=models.Q(official__isnull=True),
                name="nomination_unit_once",
            ),
            models.UniqueConstraint(
                fields=["contest", "official"],
                condition=models.Q(official__isnull=False),
                name="nomination_official_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(passed=False) | ~models.Q(excluded_why=""),
                name="nomination_left_out_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(elected__isnull=True) | models.Q(passed=True, votes__isnull=False),
                name="nomination_elected_by_votes",
            ),
        ]


class Exhibit(models.Model):
    """What a nomination rests on: something of the house ("case:12", "table:3", "reading:5") or a paper named."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="exhibits")
    subject = models.CharField(_("of the record"), max_length=60, blank=True, default="")
    text = models.CharField(_("what it shows"), max_length=300)

    class Meta:
        verbose_name = _("exhibit")
        verbose_name_plural = _("exhibits")
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="exhibit_says_what")]


class Challenge(models.Model):
    """An objection while the names are public; answered by the office with its grounds, seen by the jury."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="challenges")
    text = models.TextField(_("objection"))
    by = models.CharField(_("by"), max_length=100)
    at = models.DateTimeField(_("at"))
    upheld = models.BooleanField(_("upheld"), null=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True, default="")
    answered_by = models.CharField(_("answered by"), max_length=100, blank=True, default="")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, upheld__isnull=True, answer="", answered_by="")
                | models.Q(answered_at__isnull=False, upheld__isnull=False)
                & ~models.Q(answer="")
                & ~models.Q(answered_by=""),
                name="challenge_answered_whole",
            ),
        ]


class Juror(models.Model):
    """Who may vote, once; that they have is known, what they voted is not."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="jurors")
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    voted = models.BooleanField(_("has voted"), default=False)

    class Meta:
        verbose_name = _("juror")
        verbose_name_plural = _("jurors")
        constraints = [models.UniqueConstraint(fields=["contest", "account"], name="juror_once")]


class SecretBallot(models.Model):
    """One juror's choices, without juror and time. `slip` is what the juror keeps to find it in the count.

    The primary key is drawn at random, anew with every vote of the contest, and rows lie in its order: neither that
    order nor the number of the transaction that wrote a row tells whose it is.
    """

    id = models.CharField(primary_key=True, max_length=32)
    contest = models.ForeignKey(Contest, models.PROTECT, related_name="secret_ballots")
    choices = models.JSONField(_("choices"))
    slip = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("secret ballot")
        verbose_name_plural = _("secret ballots")
        constraints = [models.UniqueConstraint(fields=["contest", "slip"], name="secret_ballot_slip_once")]
