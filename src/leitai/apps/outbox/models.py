"""Rows of channels and of the messages that wait for them. A message's instant is an indexed column."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a channel is."""

    WECOM = "wecom", _("WeCom group robot")
    DINGTALK = "dingtalk", _("DingTalk group robot")
    FEISHU = "feishu", _("Feishu group robot")
    MAIL = "mail", _("mail")
    SMS = "sms", _("SMS")
    WEBHOOK = "webhook", _("another system (webhook)")


class Digest(models.TextChoices):
    """How often a channel is written to."""

    ONCE = "", _("at once")
    HOURLY = "hourly", _("every hour, together")
    DAILY = "daily", _("once a day, together")


# What may be told of, in the order of the form.
TELLS = {
    "case.opened": _("a case was opened"),
    "case.dispatched": _("a case was dispatched"),
    "case.asked": _("a transfer, help, a pause or more time is asked for"),
    "case.decided": _("what was asked for was decided"),
    "case.transferred": _("a case was taken over"),
    "case.answered": _("a case was reported as done"),
    "case.returned": _("a case was returned"),
    "case.closed": _("a case was closed"),
    "case.relapsed": _("a closed case came back"),
    "clock.warned": _("a clock is near its end"),
    "clock.breached": _("a clock ran out"),
    "slip.issued": _("a slip was issued"),
    "merit.proposed": _("a consequence was proposed"),
    "merit.decided": _("a consequence was decided"),
    "merit.appealed": _("a decision was appealed"),
    "merit.settled": _("an appeal was settled"),
    "merit.withdrawn": _("a consequence was withdrawn"),
    "merit.unfounded": _("what a decision rests on was corrected"),
    "merit.expired": _("a consequence is over"),
    "statement.asked": _("a unit is asked to speak at a meeting"),
    "commitment.tested": _("a commitment was tested"),
    "occasion.opened": _("an occasion is to be prepared"),
    "occasion.shifted": _("an occasion was moved"),
    "occasion.cancelled": _("an occasion was cancelled"),
    "occasion.due": _("an occasion is due"),
    "preparation.missed": _("something was not ready in time"),
    "table.published": _("a table was published"),
    "bulletin.drawn": _("a bulletin was drawn up"),
    "bulletin.issued": _("a bulletin was issued"),
    "channel.failing": _("a channel does not get through"),
}


class Channel(models.Model):
    """A way out of the house: where messages of a place, or of a unit and those below it, go and when.

    `address` and `secret` are sealed. The lower half is how it goes: after a failure the channel rests for longer and
    longer; `failing_since` is set when it has failed so often that people should look. `paced_at` holds it to what its
    maker allows, `held_until` is the lease of the one worker that is sending.
    """

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="channels")
    unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, related_name="channels", verbose_name=_("unit")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=60)
    address = models.BinaryField(default=b"")
    secret = models.BinaryField(default=b"")
    tells = models.JSONField(_("tells of"), default=list)
    digest = models.CharField(_("how often"), max_length=10, choices=Digest.choices, blank=True, default="")
    daily_at = models.TimeField(_("daily at"), null=True, blank=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet to"), null=True, blank=True)
    urgent = models.BooleanField(_("red slips at once"), default=True)
    active = models.BooleanField(_("active"), default=True)
    added_at = models.DateTimeField(_("added at"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    fails = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    fault = models.CharField(_("fault"), max_length=120, blank=True, default="")
    detail = models.CharField(max_length=200, blank=True, default="")
    rest_until = models.DateTimeField(_("tried again at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("last sent at"), null=True, blank=True)
    paced_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    held_by = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name"], condition=Q(removed_at__isnull=True), name="channel_name_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="channel_kind_known"),
            models.CheckConstraint(
                condition=Q(digest__in=("", "hourly"), daily_at__isnull=True)
                | Q(digest="daily", daily_at__isnull=False),
                name="channel_daily_has_time",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False) & ~Q(quiet_from=F("quiet_to")),
                name="channel_quiet_is_a_pair",
            ),
            models.CheckConstraint(
                condition=~Q(kind="webhook") | Q(digest="", quiet_from__isnull=True), name="webhook_at_once"
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(active=False, address=b"", secret=b""),
                name="channel_removed_without_address",
            ),
        ]


class Message(models.Model):
    """One thing to be told by one channel. Those of one `slot` go out together.

    `seq` is the number of the event that it tells of, null for a trial. `laid_at`: laid aside, since others got
    through after it had failed, so that the fault lies in it.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="messages")
    seq = models.BigIntegerField(_("event"), null=True)
    kind = models.CharField(_("kind"), max_length=40)
    title = models.CharField(_("title"), max_length=120)
    text = models.CharField(_("text"), max_length=300)
    url = models.CharField(_("link"), max_length=400, blank=True, default="")
    at = models.DateTimeField(_("happened at"))
    data = models.JSONField(default=dict)
    slot = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("goes out at"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    failed_at = models.DateTimeField(_("first failed at"), null=True)
    fault = models.CharField(_("fault"), max_length=120, blank=True, default="")
    detail = models.CharField(max_length=200, blank=True, default="")
    sent_at = models.DateTimeField(_("sent at"), null=True)
    laid_at = models.DateTimeField(_("laid aside at"), null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["channel", "seq"], name="message_once"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(laid_at__isnull=True), name="message_sent_or_laid_aside"
            ),
            models.CheckConstraint(
                condition=Q(tries=0, failed_at__isnull=True) | Q(tries__gt=0), name="message_failed_was_tried"
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "due_at"],
                condition=Q(sent_at__isnull=True, laid_at__isnull=True),
                name="message_waiting",
            ),
            models.Index(
                fields=["channel", "laid_at"], condition=Q(laid_at__isnull=False), name="message_laid_aside"
            ),
            models.Index(fields=["sent_at"], condition=Q(sent_at__isnull=False), name="message_sent"),
        ]
