"""Rows of cases, clocks and steps. A clock's next instant is an indexed column: a sweep costs what is due."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leitai.rules.flows import NOBODY

OPEN = models.Q(closed_at__isnull=True)


class Case(models.Model):
    """One problem with one holder.

    Of its due times, `due_at` is the last that any clock in the count comes to, met or not: what measures judge the
    whole case by. `next_due_at` is the first that a running clock comes to, and what lists are sorted by. `holder`
    is the role that its state belongs to, by the flow's table. `slip` is the gravest slip given on it. `root` is the
    systemic matter that this one is an instance of, `relapse_of` the closed case that turned out not to be over.
    """

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="cases")
    # Null only inside the transaction that opens it: the reference is made of the row's own number.
    ref = models.CharField(_("reference"), max_length=40, null=True)
    once = models.CharField(_("idempotency key"), max_length=64, null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=40)
    state = models.CharField(_("state"), max_length=20)
    holder = models.CharField(_("held by"), max_length=20)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, blank=True, related_name="cases")
    enterprise = models.ForeignKey(
        "people.Enterprise", models.PROTECT, null=True, blank=True, related_name="cases"
    )
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("what it is about"), blank=True, default="")
    where = models.CharField(_("where"), max_length=200, blank=True, default="")
    channel = models.CharField(_("channel"), max_length=40, blank=True, default="")
    complex = models.BooleanField(_("complex"), default=False)
    returns = models.PositiveSmallIntegerField(_("times returned"), default=0)
    about = models.CharField(_("about"), max_length=120, blank=True, default="")
    cause = models.CharField(_("cause"), max_length=120, blank=True, default="")
    # A code by which whoever reported it, without an account, follows it; known to nobody who does not hold it.
    tracking = models.CharField(_("tracking code"), max_length=20, null=True, blank=True)
    form = models.JSONField(_("answers to the kind's own questions"), default=dict, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    root = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="branches", db_index=False
    )
    relapse_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="relapses")
    first_unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    transfers = models.PositiveSmallIntegerField(_("times transferred"), default=0)
    slip = models.CharField(_("gravest slip"), max_length=10, blank=True, default="")
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=60, blank=True, default="")
    source_id = models.CharField(_("source id"), max_length=120, blank=True, default="")
    opened_at = models.DateTimeField(_("opened at"))
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    next_due_at = models.DateTimeField(_("due next"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(fields=["place", "ref"], name="case_ref_once"),
            models.UniqueConstraint(fields=["place", "once"], name="case_once"),
            models.UniqueConstraint(fields=["place", "tracking"], name="case_tracking_once"),
            models.UniqueConstraint(
                fields=["place", "source", "source_id"],
                condition=~models.Q(source_id=""),
                name="case_source_once",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(closed_at__gte=models.F("opened_at")),
                name="case_closed_after_opened",
            ),
            models.CheckConstraint(
                condition=models.Q(holder=NOBODY, closed_at__isnull=False) | ~models.Q(holder=NOBODY) & OPEN,
                name="case_open_has_holder",
            ),
            models.CheckConstraint(
                condition=models.Q(next_due_at__isnull=True) | OPEN, name="case_over_is_not_due"
            ),
            models.CheckConstraint(
                condition=models.Q(paused_until__isnull=True) | OPEN, name="case_over_is_not_paused"
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="case_on_the_globe",
            ),
            models.CheckConstraint(
                condition=models.Q(slip__in=("", "blue", "yellow", "orange", "red")), name="case_slip_known"
            ),
        ]
        indexes = [
            models.Index(fields=["place", "kind", "opened_at"], name="case_by_kind"),
            models.Index(fields=["unit", "next_due_at"], condition=OPEN, name="case_open_of_unit"),
            models.Index(fields=["place", "next_due_at"], condition=OPEN, name="case_open_due"),
            models.Index(fields=["place", "holder", "next_due_at"], condition=OPEN, name="case_open_held"),
            models.Index(
                fields=["enterprise", "next_due_at"],
                condition=OPEN & models.Q(enterprise__isnull=False),
                name="case_open_of_enterprise",
            ),
            models.Index(
                fields=["place", "about", "closed_at"], condition=~models.Q(about=""), name="case_about"
            ),
            models.Index(fields=["place", "closed_at"], name="case_by_closing"),
            models.Index(fields=["root"], condition=models.Q(root__isnull=False), name="case_of_root"),
            models.Index(
                fields=["place", "paused_until"],
                condition=models.Q(paused_until__isnull=False),
                name="case_paused",
            ),
        ]


class Clock(models.Model):
    """A time limit running on a case, with the calendar's version it was set by."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    key = models.CharField(_("clock"), max_length=40)
    since = models.CharField(_("runs from"), max_length=20)
    until = models.CharField(_("runs until"), max_length=20)
    within = models.CharField(_("within"), max_length=40)
    ahead = models.CharField(_("warns ahead by"), max_length=40, blank=True, default="")
    calendar = models.CharField(_("calendar"), max_length=40)
    calendar_version = models.CharField(_("calendar's version"), max_length=80, blank=True, default="")
    provisional = models.BooleanField(_("provisional"), default=False)
    started_at = models.DateTimeField(_("started at"))
    warn_at = models.DateTimeField(_("warns at"), null=True, blank=True)
    due_at = models.DateTimeField(_("due at"))
    warned_at = models.DateTimeField(_("warned at"), null=True, blank=True)
    met_at = models.DateTimeField(_("met at"), null=True, blank=True)
    breached_at = models.DateTimeField(_("breached at"), null=True, blank=True)
    void_at = models.DateTimeField(_("void since"), null=True, blank=True)
    # Why a run ended before it was met: returned, handed-back, paused, resumed, extended, set-aside.
    void_why = models.CharField(_("void because"), max_length=20, blank=True, default="")
    # The ladder as reckoned when the run began, [instant, colour, to, after] of each rung; how many were given.
    rungs = models.JSONField(default=list)
    rung = models.PositiveSmallIntegerField(_("slips given"), default=0)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.UniqueConstraint(fields=["case", "key", "started_at"], name="clock_started_once"),
            models.CheckConstraint(
                condition=models.Q(breached_at__isnull=True) | models.Q(breached_at=models.F("due_at")),
                name="clock_breaches_at_due",
            ),
            models.CheckConstraint(
                condition=models.Q(met_at__isnull=True) | models.Q(met_at__gte=models.F("started_at")),
                name="clock_met_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="clock_next"),
            models.Index(
                fields=["breached_at"],
                condition=models.Q(breached_at__isnull=False),
                name="clock_breached",
            ),
            models.Index(
                fields=["case"],
                condition=models.Q(provisional=True, met_at__isnull=True, void_at__isnull=True),
                name="clock_provisional",
            ),
        ]


class Step(models.Model):
    """One move of a case: who, from where to where, with what was said."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    move = models.CharField(_("move"), max_length=20)
    from_state = models.CharField(max_length=20, blank=True, default="")
    to_state = models.CharField(max_length=20)
    role = models.CharField(max_length=20)
    by = models.CharField(_("by"), max_length=100)
    at = models.DateTimeField(_("at"))
    form = models.JSONField(default=dict)
    # Who held the case from this step on: what time in hands is reckoned from. Blank in rows of before that was kept.
    holder = models.CharField(max_length=20, blank=True, default="")
    unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        indexes = [models.Index(fields=["case", "at"], name="step_of_case")]
