"""Where a verdict can be given, the tickets of single visits, and codes that were scanned and are none of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leitai.apps.people.models import Named


class Kind(models.TextChoices):
    """What a point is."""

    UNIT = "unit", _("unit")
    HALL = "hall", _("service hall")
    WINDOW = "window", _("window")
    ONLINE = "online", _("online service")
    HOTLINE = "hotline", _("hotline")
    SITE = "site", _("project's site")


class Point(Named):
    """Where a verdict can be given: the code on the wall of a unit, hall, window or site.

    The code bears the generation, so that a rotated one is told from the one in use.
    """

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="points")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="points")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.UNIT)
    hall = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="windows", verbose_name=_("service hall")
    )
    number = models.BigIntegerField(_("number"), unique=True)
    generation = models.PositiveSmallIntegerField(_("generation"), default=1)
    serials = models.PositiveBigIntegerField(_("tickets issued"), default=0)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("verdict point")
        verbose_name_plural = _("verdict points")
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="point_kind_known"),
            models.CheckConstraint(
                condition=models.Q(generation__gte=0, generation__lte=255),
                name="point_generation_fits_a_code",
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=0, number__lt=1 << 23), name="point_number_fits_a_code"
            ),
            models.CheckConstraint(
                condition=models.Q(hall__isnull=True) | ~models.Q(kind=Kind.HALL), name="hall_in_no_hall"
            ),
        ]


class Channel(models.TextChoices):
    """What a ticket is of. Verdicts by the code on the wall have the channel `standing`, imported ones their own."""

    VISIT = "visit", _("one visit")
    MATTER = "matter", _("one matter")
    INVITED = "invited", _("drawn at random")


class Ticket(models.Model):
    """The right to one verdict: of one visit (一次一评), one matter (一事一评), or one drawn from the records.

    `ref` is the issuing system's own reference; the same one again is the same ticket.
    """

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="tickets", db_index=False)
    point = models.ForeignKey(Point, models.PROTECT, related_name="tickets", db_index=False)
    serial = models.PositiveBigIntegerField(_("serial"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    ref = models.CharField(_("service reference"), max_length=120)
    issued_at = models.DateTimeField(_("issued at"))
    expires_at = models.DateTimeField(_("expires at"))
    ballot = models.OneToOneField(
        "ballots.Ballot", models.PROTECT, null=True, blank=True, related_name="ticket"
    )

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.UniqueConstraint(fields=["point", "serial"], name="ticket_serial_once"),
            models.UniqueConstraint(fields=["place", "channel", "ref"], name="ticket_once_per_service"),
            models.CheckConstraint(
                condition=models.Q(channel__in=Channel.values), name="ticket_channel_known"
            ),
            models.CheckConstraint(
                condition=models.Q(serial__gte=1, serial__lt=1 << 32), name="ticket_serial_fits_a_token"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")), name="ticket_lasts"
            ),
        ]


class Oddity(models.TextChoices):
    """Why a scanned code was refused."""

    UNKNOWN = "unknown", _("belongs to no point known here")
    RETIRED = "retired", _("taken down")
    ALTERED = "altered", _("not made by this place")


class Stray(models.Model):
    """Scans of a code that is none of ours or no longer, counted by the day: a doctored code shows itself here.

    `number` is the point that the code claims, 0 where it claims none. One row and one event a day however
    many scans, so that a flood of made-up codes fills nothing.
    """

    place = models.ForeignKey("people.Place", models.PROTECT, null=True, related_name="strays")
    kind = models.CharField(_("kind"), max_length=10, choices=Oddity.choices)
    number = models.BigIntegerField(_("point it claims"), default=0)
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("scans"), default=1)
    first_at = models.DateTimeField(_("first at"))
    last_at = models.DateTimeField(_("last at"))

    class Meta:
        verbose_name = _("refused code")
        verbose_name_plural = _("refused codes")
        constraints = [
            models.UniqueConstraint(fields=["place", "kind", "number", "day"], name="stray_once_a_day"),
            models.UniqueConstraint(
                fields=["kind", "number", "day"],
                condition=models.Q(place__isnull=True),
                name="stray_of_no_place_once_a_day",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=Oddity.values), name="stray_kind_known"),
            models.CheckConstraint(condition=models.Q(count__gte=1), name="stray_was_scanned"),
        ]
