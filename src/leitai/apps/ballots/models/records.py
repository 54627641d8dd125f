"""The second channel: records of services given, and whom the draw invited to say how it was."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceRecord(models.Model):
    """One service that another system says was given. The contact is sealed, and purged after `keep_until`."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="services", db_index=False)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="services", db_index=False)
    point = models.ForeignKey("ballots.Point", models.PROTECT, null=True, related_name="services")
    source = models.CharField(_("source"), max_length=60)
    source_id = models.CharField(_("source id"), max_length=120)
    number = models.BigIntegerField(_("queue number"), null=True, help_text=_("as the ticket machine counts"))
    served_at = models.DateTimeField(_("served at"))
    contact = models.BinaryField(_("contact"), null=True)
    contact_digest = models.CharField(
        max_length=16,
        blank=True,
        default="",
        help_text=_("keyed digest: the same person is not asked again soon"),
    )
    keep_until = models.DateField(null=True, db_index=True)

    class Meta:
        verbose_name = _("service record")
        verbose_name_plural = _("service records")
        constraints = [
            models.UniqueConstraint(fields=["place", "source", "source_id"], name="service_once"),
            models.CheckConstraint(
                condition=models.Q(contact__isnull=True) | models.Q(keep_until__isnull=False),
                name="service_contact_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "served_at"], name="service_by_unit"),
            models.Index(
                fields=["place", "contact_digest"],
                condition=~models.Q(contact_digest=""),
                name="service_by_contact",
            ),
        ]


class Invitation(models.Model):
    """A record that was drawn: its ticket, and whether the message went out. `key` lets a receiver drop doubles."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="invitations", db_index=False)
    record = models.OneToOneField(ServiceRecord, models.PROTECT, related_name="invitation")
    ticket = models.OneToOneField("ballots.Ticket", models.PROTECT, related_name="invitation")
    draw = models.CharField(_("draw"), max_length=64, help_text=_("the seed that anyone can draw again with"))
    key = models.CharField(max_length=64, unique=True)
    drawn_at = models.DateTimeField(_("drawn at"))
    sent_at = models.DateTimeField(_("sent at"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(null=True)
    fault = models.CharField(_("fault"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [
            models.Index(
                fields=["place", "next_try_at"],
                condition=models.Q(sent_at__isnull=True, next_try_at__isnull=False),
                name="invitation_to_send",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | models.Q(next_try_at__isnull=True),
                name="invitation_sent_is_not_due",
            )
        ]
