"""Rows of what parties of a case ask each other, of slips, re-inspections and the pins of closing words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .cases import Case, Clock, Step


class Request(models.Model):
    """What one party of a case asks of another: a transfer, help, a pause, more time.

    Whoever holds the case goes on holding it, and its clocks run on, until the other side has said yes. `ground` is a
    key of the rule-book's grounds of transfer or reasons for a pause. `until` is the end of the pause, or the new due
    time, that is asked for. `answerer` is the role that may answer: the unit asked, the enterprise, the office.
    """

    KINDS = ("transfer", "help", "pause", "extension")
    STATES = ("open", "granted", "refused", "withdrawn")

    case = models.ForeignKey(Case, models.CASCADE, related_name="requests")
    kind = models.CharField(_("kind"), max_length=12)
    ground = models.CharField(_("ground"), max_length=40, blank=True, default="")
    text = models.TextField(_("why"), blank=True, default="")
    from_unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    to_unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, related_name="case_requests"
    )
    answerer = models.CharField(_("to be answered by"), max_length=20)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    asked_by = models.CharField(_("asked by"), max_length=100)
    asked_at = models.DateTimeField(_("asked at"))
    state = models.CharField(_("state"), max_length=10, default="open")
    answered_by = models.CharField(_("answered by"), max_length=100, blank=True, default="")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    reply = models.TextField(_("reply"), blank=True, default="")

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=models.Q(state="open") & ~models.Q(kind="help"),
                name="request_open_once",
            ),
            models.UniqueConstraint(
                fields=["case", "to_unit"],
                condition=models.Q(state="open", kind="help"),
                name="request_help_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=("transfer", "help", "pause", "extension")),
                name="request_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("open", "withdrawn"))
                | models.Q(state__in=("granted", "refused"), answered_at__isnull=False)
                & ~models.Q(answered_by=""),
                name="request_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(answered_by=models.F("asked_by")), name="request_two_parties"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=("pause", "extension"), until__isnull=False)
                | models.Q(kind__in=("transfer", "help"), to_unit__isnull=False),
                name="request_says_what",
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_unit", "asked_at"],
                condition=models.Q(state="open"),
                name="request_open_to_unit",
            ),
            models.Index(
                fields=["answerer", "asked_at"],
                condition=models.Q(state="open"),
                name="request_open_answerer",
            ),
        ]


class Slip(models.Model):
    """A slip of a colour given on a clock, each rung of the ladder once, at its true instant. `seen_*`: signed for."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="slips", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="slips")
    clock = models.ForeignKey(Clock, models.CASCADE, related_name="slips")
    rung = models.PositiveSmallIntegerField(_("rung"))
    colour = models.CharField(_("colour"), max_length=10)
    to = models.CharField(_("to"), max_length=10)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, blank=True, related_name="slips")
    at = models.DateTimeField(_("given at"))
    seen_by = models.CharField(_("signed for by"), max_length=100, blank=True, default="")
    seen_at = models.DateTimeField(_("signed for at"), null=True, blank=True)

    class Meta:
        verbose_name = _("slip")
        verbose_name_plural = _("slips")
        constraints = [
            models.UniqueConstraint(fields=["clock", "rung"], name="slip_once"),
            models.CheckConstraint(
                condition=models.Q(colour__in=("blue", "yellow", "orange", "red")), name="slip_colour_known"
            ),
            models.CheckConstraint(
                condition=models.Q(seen_at__isnull=True, seen_by="")
                | models.Q(seen_at__isnull=False) & ~models.Q(seen_by=""),
                name="slip_seen_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "-at"], name="slip_newest"),
            models.Index(fields=["unit", "-at"], name="slip_of_unit"),
        ]


class Photo(models.Model):
    """A photo of a case, made anew before it was kept: JPEG, with when and where the camera said it was taken."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="photos")
    step = models.ForeignKey(Step, models.CASCADE, null=True, blank=True, related_name="photos")
    when = models.CharField(_("shows"), max_length=10, default="other")  # before, after, other
    digest = models.CharField(max_length=64)
    picture = models.BinaryField()
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    by = models.CharField(_("by"), max_length=100)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [
            models.UniqueConstraint(fields=["case", "digest"], name="photo_once"),
            models.CheckConstraint(
                condition=models.Q(when__in=("before", "after", "other")), name="photo_when_known"
            ),
        ]


class Reporter(models.Model):
    """Who reported a case, sealed: name, phone, mail; deleted when its purpose ends."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="reporter")
    sealed = models.BinaryField(_("sealed"))
    keep_until = models.DateField(_("kept until"))

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")
        indexes = [models.Index(fields=["keep_until"], name="reporter_keep")]


class Sketch(models.Model):
    """The pin of a closing text or photo, by which its near-doubles are found. `pins` are in `SketchPin`."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="sketches")
    step = models.ForeignKey(Step, models.CASCADE, null=True, blank=True, related_name="+")
    photo = models.OneToOneField(Photo, models.CASCADE, null=True, blank=True, related_name="sketch")
    what = models.CharField(max_length=10)  # text, photo
    sketch = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(what="text", photo__isnull=True, step__isnull=False)
                | models.Q(what="photo", photo__isnull=False),
                name="sketch_of_something",
            ),
            models.UniqueConstraint(
                fields=["step"], condition=models.Q(what="text"), name="sketch_of_step_once"
            ),
        ]


class SketchPin(models.Model):
    """One key under which a sketch can be found: sketches that share a key are compared with each other."""

    sketch = models.ForeignKey(Sketch, models.CASCADE, related_name="pins")
    place = models.ForeignKey("people.Place", models.PROTECT, related_name="+", db_index=False)
    key = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["place", "key"], name="sketch_by_key")]


class Likeness(models.Model):
    """Two closings, of different cases, that are too much alike: a lead for the office, decided by a person."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="+", db_index=False)
    newer = models.ForeignKey(Sketch, models.CASCADE, related_name="likes")
    older = models.ForeignKey(Sketch, models.CASCADE, related_name="liked")
    share = models.FloatField(_("alike by"))
    at = models.DateTimeField()
    outcome = models.CharField(_("outcome"), max_length=12, blank=True, default="")  # copied, harmless
    note = models.TextField(blank=True, default="")
    decided_by = models.CharField(max_length=100, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["newer", "older"], name="likeness_once"),
            models.CheckConstraint(
                condition=models.Q(outcome="", decided_at__isnull=True)
                | models.Q(outcome__in=("copied", "harmless"), decided_at__isnull=False),
                name="likeness_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "-at"], condition=models.Q(outcome=""), name="likeness_undecided")
        ]


class Recheck(models.Model):
    """A closed case drawn at random to be looked at again: really over, or not. Sized to bound false closings."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="rechecks")
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    period = models.CharField(_("period"), max_length=10)
    way = models.CharField(_("way"), max_length=10)  # inspect, callback
    drawn_at = models.DateTimeField(_("drawn at"))
    outcome = models.CharField(
        _("outcome"), max_length=12, blank=True, default=""
    )  # over, not-over, cannot-tell
    note = models.TextField(_("note"), blank=True, default="")
    by = models.CharField(_("by"), max_length=100, blank=True, default="")
    at = models.DateTimeField(_("at"), null=True, blank=True)

    class Meta:
        verbose_name = _("re-inspection")
        verbose_name_plural = _("re-inspections")
        constraints = [
            models.UniqueConstraint(fields=["case", "period"], name="recheck_once"),
            models.CheckConstraint(
                condition=models.Q(outcome="", at__isnull=True, by="")
                | models.Q(outcome__in=("over", "not-over", "cannot-tell"), at__isnull=False)
                & ~models.Q(by=""),
                name="recheck_done_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "drawn_at"], condition=models.Q(outcome=""), name="recheck_open"),
            models.Index(fields=["place", "period", "unit"], name="recheck_of_unit"),
        ]


class Suggester(models.Model):
    """What was learned from a place's own dispatches: which unit a text goes to, and how often that is right."""

    place = models.OneToOneField("people.Place", models.PROTECT, related_name="+")
    learned_at = models.DateTimeField()
    cases = models.PositiveIntegerField()
    tested = models.PositiveIntegerField()
    right = models.PositiveIntegerField()
    model = models.BinaryField()
