"""Rows of people and units. A place's units are a tree; a person acts through a post, in one place, in one role."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .seals import unseal


class Named(models.Model):
    """A name in Chinese and English; at least one of them."""

    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """The name in the language of the page, or in the other one where it is missing."""
        chinese = (get_language() or "zh").startswith("zh")
        return (self.name_zh or self.name_en) if chinese else (self.name_en or self.name_zh)

    def __str__(self) -> str:
        return self.name


class Place(Named):
    """A city, county, park or organisation that runs its drive here. Every other row belongs to one."""

    key = models.SlugField(_("key"), unique=True)
    timezone = models.CharField(_("time zone"), max_length=64)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    sample = models.BooleanField(_("sample data"), default=False)
    lag = models.DurationField(
        _("lag"),
        default=timedelta(0),
        help_text=_("how long before the clock's present a demonstration lives"),
    )

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")

    @property
    def zone(self) -> ZoneInfo:
        """The place's time zone."""
        return ZoneInfo(self.timezone)

    def now(self, clock: datetime) -> datetime:
        """The place's present, from what the clock says."""
        return clock - self.lag


class Unit(Named):
    """A body that is held to account: department, district, hall, window, queue."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="units", verbose_name=_("place"))
    key = models.SlugField(_("key"), max_length=100, allow_unicode=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("unit above")
    )
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.UniqueConstraint(fields=["place", "key"], name="unit_once_in_place"),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="unit_not_its_own_parent",
            ),
        ]
        indexes = [models.Index(fields=["place", "kind"], name="unit_by_kind")]


class Account(AbstractUser):
    """Someone who signs in. What they may do comes from their posts alone."""

    full_name = models.CharField(_("full name"), max_length=100, blank=True)

    def __str__(self) -> str:
        return self.full_name or self.username


class Role(models.TextChoices):
    """What a post is for. Citizens and enterprises have none: they come by code or by link."""

    CLERK = "clerk", _("unit clerk")
    OFFICE = "office", _("supervision office")
    PATROL = "patrol", _("patrol team")
    LEADER = "leader", _("leader")
    INSPECTOR = "inspector", _("discipline inspector")
    ADMINISTRATOR = "administrator", _("administrator")


class Post(models.Model):
    """One person in one role; a clerk's is at a unit."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="posts", verbose_name=_("account"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="posts", verbose_name=_("place"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("unit")
    )

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(fields=["account", "place", "role", "unit"], name="post_once"),
            # SQLite has no NULLS NOT DISTINCT, so a post without a unit has its own.
            models.UniqueConstraint(
                fields=["account", "place", "role"],
                condition=models.Q(unit__isnull=True),
                name="post_without_unit_once",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="post_role_known"),
            models.CheckConstraint(
                condition=~models.Q(role="clerk") | models.Q(unit__isnull=False), name="clerk_has_a_unit"
            ),
        ]


class Official(models.Model):
    """Someone who answers for a unit, the name sealed; only those entitled see their record, each look an event.

    `account` is theirs where they sign in, so that they see their own record.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="officials")
    key = models.SlugField(_("key"), max_length=60)
    sealed = models.BinaryField()
    account = models.ForeignKey(
        Account, models.SET_NULL, null=True, blank=True, related_name="officials", verbose_name=_("account")
    )

    class Meta:
        verbose_name = _("official")
        verbose_name_plural = _("officials")
        constraints = [models.UniqueConstraint(fields=["place", "key"], name="official_once_in_place")]

    @property
    def name(self) -> str:
        """The name, unsealed."""
        return unseal(self.sealed)["name"]

    def __str__(self) -> str:
        return self.key


class Tenure(models.Model):
    """When an official held which duty at a unit: from `since` to the day before `until`. A unit has one head a day."""

    DUTIES = ("head", "deputy", "staff")

    official = models.ForeignKey(Official, models.PROTECT, related_name="tenures")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tenures")
    duty = models.CharField(_("duty"), max_length=10)
    title = models.CharField(_("title"), max_length=100, blank=True, default="")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("tenure")
        verbose_name_plural = _("tenures")
        constraints = [
            models.UniqueConstraint(fields=["official", "unit", "duty", "since"], name="tenure_once"),
            models.UniqueConstraint(
                fields=["unit"],
                condition=models.Q(duty="head", until__isnull=True),
                name="tenure_one_head",
            ),
            models.CheckConstraint(
                condition=models.Q(duty__in=("head", "deputy", "staff")), name="tenure_duty_known"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
                name="tenure_ends_after_it_began",
            ),
        ]


class Enterprise(Named):
    """A firm that asks and is sponsored; it comes in by a link that carries a secret, kept here as a digest."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="enterprises")
    key = models.SlugField(_("key"), max_length=100, allow_unicode=True)
    liaison = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="enterprises")
    link_digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("enterprise")
        verbose_name_plural = _("enterprises")
        constraints = [models.UniqueConstraint(fields=["place", "key"], name="enterprise_once_in_place")]


class Sponsorship(models.Model):
    """A leader who answers for an enterprise's problems being solved."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="sponsorships")
    leader = models.ForeignKey(Account, models.PROTECT, related_name="sponsorships")

    class Meta:
        verbose_name = _("sponsorship")
        verbose_name_plural = _("sponsorships")
        constraints = [models.UniqueConstraint(fields=["enterprise", "leader"], name="sponsorship_once")]


class ApiKey(models.Model):
    """A key that another system comes in by, for a few named things; kept as a digest only."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="api_keys")
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(_("may"), default=list)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="api_keys", verbose_name=_("unit")
    )
    created_at = models.DateTimeField(_("created at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="api_key_once")]
