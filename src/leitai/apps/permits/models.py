"""Rows of a start: the start as one matter, its permits, the papers for all of them, and duties of commitments."""

from django.db import models
from django.utils.translation import gettext_lazy as _

WAITING, ASKING, WORKING, GRANTED, DROPPED = "waiting", "asking", "working", "granted", "dropped"
STATES = (WAITING, ASKING, WORKING, GRANTED, DROPPED)


class Start(models.Model):
    """The permits of one start. `started_on` is the day on which it was made; empty again once a permit reopens it."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="starts")
    once = models.CharField(_("idempotency key"), max_length=64, null=True, blank=True)
    key = models.CharField(_("start"), max_length=40)
    title = models.CharField(_("title"), max_length=300)
    enterprise = models.ForeignKey(
        "people.Enterprise", models.PROTECT, null=True, blank=True, related_name="starts"
    )
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, blank=True, related_name="starts"
    )
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.CharField(_("opened by"), max_length=100)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    reopened_at = models.DateTimeField(_("reopened at"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    given_up_why = models.CharField(_("given up because"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("start")
        verbose_name_plural = _("starts")
        constraints = [
            models.UniqueConstraint(fields=["place", "once"], name="start_once"),
            models.CheckConstraint(condition=~models.Q(title=""), name="start_is_named"),
            models.CheckConstraint(
                condition=models.Q(given_up_at__isnull=True, given_up_why="")
                | models.Q(given_up_at__isnull=False, started_on__isnull=True) & ~models.Q(given_up_why=""),
                name="start_given_up_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "-opened_at"], name="start_newest"),
            models.Index(
                fields=["place", "-opened_at"],
                condition=models.Q(started_on__isnull=True, given_up_at__isnull=True),
                name="start_under_way",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Permit(models.Model):
    """A permit of a start. `since` is when it came to its state, `round` how often it was begun.

    waiting: for other permits; asking: for papers of the enterprise; working: with the unit, a clock running; granted;
    dropped: this start does not need it, for the reason given. `committed_at`: the enterprise committed itself to bring
    what is lacking.
    """

    start = models.ForeignKey(Start, models.CASCADE, related_name="permits")
    key = models.CharField(_("permit"), max_length=40)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="permits")
    state = models.CharField(_("state"), max_length=10)
    since = models.DateTimeField(_("since"))
    round = models.PositiveSmallIntegerField(_("times begun"), default=0)
    due_at = models.DateTimeField(_("promised by"), null=True, blank=True)
    number = models.CharField(_("number of the document"), max_length=100, blank=True, default="")
    why = models.CharField(_("because"), max_length=300, blank=True, default="")
    committed_at = models.DateTimeField(_("committed at"), null=True, blank=True)
    committed_by = models.CharField(_("committed by"), max_length=100, blank=True, default="")

    class Meta:
        verbose_name = _("permit")
        verbose_name_plural = _("permits")
        constraints = [
            models.UniqueConstraint(fields=["start", "key"], name="permit_once"),
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="permit_state_known"),
            models.CheckConstraint(
                condition=models.Q(due_at__isnull=True) | models.Q(state=WORKING),
                name="permit_due_while_worked_on",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=DROPPED) | ~models.Q(why=""), name="permit_dropped_says_why"
            ),
            models.CheckConstraint(
                condition=models.Q(committed_at__isnull=True, committed_by="")
                | models.Q(committed_at__isnull=False) & ~models.Q(committed_by=""),
                name="permit_committed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["unit", "state", "since"], name="permit_of_unit")]


class Hold(models.Model):
    """Since when a permit is in whose hands: "none" (waits for others), "enterprise", or "unit:<key>"."""

    permit = models.ForeignKey(Permit, models.CASCADE, related_name="holds")
    at = models.DateTimeField(_("at"))
    holder = models.CharField(_("held by"), max_length=110)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [models.CheckConstraint(condition=~models.Q(holder=""), name="hold_by_somebody")]
        indexes = [models.Index(fields=["permit", "at"], name="hold_of_permit")]


class Paper(models.Model):
    """A paper handed in for a start, once for all its permits; one that was returned counts as lacking again."""

    start = models.ForeignKey(Start, models.CASCADE, related_name="papers")
    key = models.CharField(_("paper"), max_length=40)
    given_at = models.DateTimeField(_("handed in at"))
    given_by = models.CharField(_("handed in by"), max_length=100)
    note = models.CharField(_("number, or where it is"), max_length=200, blank=True, default="")
    taken_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(_("returned at"), null=True, blank=True)
    returned_why = models.CharField(_("returned because"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = [
            models.UniqueConstraint(fields=["start", "key"], name="paper_once_for_a_start"),
            models.CheckConstraint(
                condition=models.Q(returned_at__isnull=True, returned_why="")
                | models.Q(returned_at__gte=models.F("given_at")) & ~models.Q(returned_why=""),
                name="paper_returned_says_why",
            ),
        ]


class Duty(models.Model):
    """What must follow on a commitment: papers by a time. Open, done, missed, or void where its permit fell back."""

    STATES = ("open", "done", "missed", "void")

    permit = models.ForeignKey(Permit, models.CASCADE, related_name="duties")
    papers = models.JSONField(_("papers"), default=list)
    due_at = models.DateTimeField(_("due at"))
    state = models.CharField(_("state"), max_length=6, default="open")
    at = models.DateTimeField(_("done or missed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("duty of a commitment")
        verbose_name_plural = _("duties of commitments")
        constraints = [
            models.UniqueConstraint(
                fields=["permit"], condition=models.Q(state="open"), name="duty_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", at__isnull=True)
                | models.Q(state__in=("done", "missed", "void"), at__isnull=False),
                name="duty_over_has_instant",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="missed") | models.Q(at=models.F("due_at")),
                name="duty_missed_when_due",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(state="open"), name="duty_due")]
