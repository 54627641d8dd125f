"""Rows of chains: links, what they need and who supplies it here, firms in them, and gaps as work with an owner.

Which chains there are, with chief and unit, is the rule-book's. Shares are 0 to 1; capacities are in the link's unit.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leitai.apps.people.models import Named

TIERS = ("up", "mid", "down")
KINDS = ("strengthen", "fill", "extend")
TIES = ("lead", "project", "case")


def _between(name: str) -> models.Q:
    """A share that is not known, or lies between 0 and 1."""
    return models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__gte": 0, f"{name}__lte": 1})


def _amount(name: str) -> models.Q:
    return models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__gte": 0})


class Link(Named):
    """A link of a chain. `capacity` and `share` are what a source says of all firms; else they are worked out."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="chain_links", db_index=False)
    chain = models.CharField(_("chain"), max_length=40)
    key = models.CharField(_("link"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    tier = models.CharField(_("part of the chain"), max_length=4)
    unit_zh = models.CharField(_("unit in Chinese"), max_length=40, blank=True, default="")
    unit_en = models.CharField(_("unit in English"), max_length=40, blank=True, default="")
    capacity = models.DecimalField(_("capacity"), max_digits=18, decimal_places=4, null=True, blank=True)
    whole = models.DecimalField(_("whole capacity"), max_digits=18, decimal_places=4, null=True, blank=True)
    share = models.DecimalField(_("share"), max_digits=7, decimal_places=6, null=True, blank=True)
    of_zh = models.CharField(_("share of, in Chinese"), max_length=40, blank=True, default="")
    of_en = models.CharField(_("share of, in English"), max_length=40, blank=True, default="")
    sold_outside = models.DecimalField(
        _("sold outside"), max_digits=7, decimal_places=6, null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("link of a chain")
        verbose_name_plural = _("links of chains")
        constraints = [
            models.UniqueConstraint(fields=["place", "chain", "key"], name="chain_link_once"),
            models.CheckConstraint(condition=models.Q(tier__in=TIERS), name="chain_link_tier_known"),
            models.CheckConstraint(
                condition=_between("share") & _between("sold_outside"), name="chain_link_shares"
            ),
            models.CheckConstraint(
                condition=_amount("capacity") & _amount("whole"), name="chain_link_amounts"
            ),
        ]


class Need(Named):
    """A material that a link needs; what no supply covers comes from outside the place."""

    link = models.ForeignKey(Link, models.CASCADE, related_name="needs", db_index=False)
    key = models.CharField(_("material"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        constraints = [models.UniqueConstraint(fields=["link", "key"], name="chain_need_once")]


class Supply(models.Model):
    """The share of a material that a link of the chain supplies; 0: it could, and does not."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="supplies", db_index=False)
    link = models.ForeignKey(Link, models.CASCADE, related_name="supplies")
    share = models.DecimalField(_("share"), max_digits=7, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["need", "link"], name="chain_supply_once"),
            models.CheckConstraint(condition=models.Q(share__gte=0, share__lte=1), name="chain_supply_share"),
        ]


class Member(Named):
    """A firm in a link: what it can make, what is being built, a year's output in yuan; as of a day, by a source."""

    link = models.ForeignKey(Link, models.CASCADE, related_name="members", db_index=False)
    key = models.CharField(_("firm"), max_length=40)
    enterprise = models.ForeignKey(
        "people.Enterprise", models.PROTECT, null=True, blank=True, related_name="chain_links"
    )
    park = models.ForeignKey("people.Unit", models.PROTECT, null=True, blank=True, related_name="chain_firms")
    capacity = models.DecimalField(_("capacity"), max_digits=18, decimal_places=4, null=True, blank=True)
    building = models.DecimalField(
        _("under construction"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    output = models.DecimalField(
        _("output of a year, yuan"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    produces = models.BooleanField(_("produces"), default=True)
    as_of = models.DateField(_("as of"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("firm in a chain")
        verbose_name_plural = _("firms in chains")
        constraints = [
            models.UniqueConstraint(fields=["link", "key"], name="chain_firm_once"),
            models.CheckConstraint(
                condition=_amount("capacity") & _amount("building") & _amount("output"),
                name="chain_firm_amounts",
            ),
        ]


class Gap(models.Model):
    """A gap at work: to strengthen, fill or extend a link; whose, until when. One of a kind at a link at a time.

    `said_on` is the last day on which something was said of it. Over: done, or dropped, with what shows it or why.
    """

    STATES = ("open", "done", "dropped")

    link = models.ForeignKey(Link, models.PROTECT, related_name="gaps")
    kind = models.CharField(_("kind"), max_length=10)
    text = models.CharField(_("what is to be won"), max_length=500)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="chain_gaps")
    due_on = models.DateField(_("due on"))
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.CharField(_("opened by"), max_length=100)
    said_on = models.DateField(_("last said on"))
    state = models.CharField(_("state"), max_length=7, default="open")
    over_at = models.DateTimeField(_("over at"), null=True, blank=True)
    how = models.CharField(_("what shows it, or why"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("gap")
        verbose_name_plural = _("gaps")
        constraints = [
            models.UniqueConstraint(
                fields=["link", "kind"], condition=models.Q(state="open"), name="chain_gap_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=KINDS) & ~models.Q(text=""), name="chain_gap_says_what"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", over_at__isnull=True, how="")
                | models.Q(state__in=("done", "dropped"), over_at__isnull=False) & ~models.Q(how=""),
                name="chain_gap_over_says_how",
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "due_on"], condition=models.Q(state="open"), name="chain_gap_of_unit"
            )
        ]


class Word(models.Model):
    """What was said of a gap on its way."""

    gap = models.ForeignKey(Gap, models.CASCADE, related_name="words")
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=100)
    text = models.CharField(_("text"), max_length=500)

    class Meta:
        verbose_name = _("word on a gap")
        verbose_name_plural = _("words on gaps")
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="chain_word_says")]


class Tie(models.Model):
    """What belongs to a gap: an investment lead or a project by its code, a case in its way by its reference."""

    gap = models.ForeignKey(Gap, models.CASCADE, related_name="ties", db_index=False)
    what = models.CharField(_("what"), max_length=7)
    code = models.CharField(_("code"), max_length=60)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gap", "what", "code"], name="chain_tie_once"),
            models.CheckConstraint(
                condition=models.Q(what__in=TIES) & ~models.Q(code=""), name="chain_tie_known"
            ),
        ]
