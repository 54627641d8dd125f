"""What the screens found, as leads for a person; and the days whose verdicts were sealed as files."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LeadState(models.TextChoices):
    """What a person made of a lead."""

    OPEN = "open", _("to be looked at")
    CONFIRMED = "confirmed", _("confirmed")
    DISMISSED = "dismissed", _("dismissed")


class Lead(models.Model):
    """Something odd that a screen saw at a unit; it punishes nobody by itself."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="leads", db_index=False)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="leads")
    screen = models.CharField(_("screen"), max_length=30)
    mark = models.CharField(max_length=250, help_text=_("what was found about whom: the same once a day"))
    point = models.BigIntegerField(_("point"), default=0)
    day = models.DateField(_("day"))
    p = models.FloatField(_("chance of as much by accident"))
    score = models.FloatField(_("powers of ten below the line"), default=0)
    message = models.CharField(max_length=400)
    values = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)
    found_at = models.DateTimeField(_("found at"))
    state = models.CharField(_("state"), max_length=10, choices=LeadState.choices, default=LeadState.OPEN)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.CharField(_("decided by"), max_length=100, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints = [
            models.UniqueConstraint(fields=["place", "mark", "day"], name="lead_once_a_day"),
            models.CheckConstraint(condition=models.Q(state__in=LeadState.values), name="lead_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at__isnull=True, decided_by="")
                | ~models.Q(state="open") & models.Q(decided_at__isnull=False) & ~models.Q(decided_by=""),
                name="lead_decided_whole_or_not",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open") | ~models.Q(reason=""), name="lead_decided_with_a_reason"
            ),
            models.CheckConstraint(condition=models.Q(p__gte=0, p__lte=1), name="lead_p_is_a_chance"),
        ]


class SealedDay(models.Model):
    """A day whose verdicts lie in a file: which leaves of the log, under which head, and the file's digest."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="sealed_days", db_index=False)
    day = models.DateField(_("day"))
    first = models.BigIntegerField(_("first leaf"))
    rows = models.PositiveIntegerField(_("verdicts"))
    size = models.BigIntegerField(_("leaves"))
    root = models.CharField(_("root"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64)
    file = models.CharField(_("file"), max_length=200)
    sealed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        verbose_name = _("sealed day")
        verbose_name_plural = _("sealed days")
        constraints = [models.UniqueConstraint(fields=["place", "day"], name="day_sealed_once")]
