"""Rows of tables. An edition is spec, inputs and result as text, so that anyone can recompute it bit for bit."""

import json

from django.db import models
from django.utils.translation import gettext_lazy as _

from leitai.rules.scoring import TableInputs, TableResult, TableSpec


class Table(models.Model):
    """An edition of an arena's table for a period: frozen, then published; a correction is the next edition."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="tables")
    arena = models.CharField(_("arena"), max_length=60)
    period = models.CharField(_("period"), max_length=10)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    regime_digest = models.CharField(max_length=64)
    code_version = models.CharField(max_length=40)
    spec = models.TextField()
    inputs = models.TextField()
    result = models.TextField()
    digest = models.CharField(_("digest"), max_length=64)
    why = models.CharField(_("reason of a later edition"), max_length=300, blank=True, default="")
    frozen_at = models.DateTimeField(_("frozen at"))
    frozen_by = models.CharField(_("frozen by"), max_length=100)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.CharField(_("published by"), max_length=100, blank=True, default="")

    class Meta:
        verbose_name = _("table")
        verbose_name_plural = _("tables")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "arena", "period", "edition"], name="table_edition_once"
            ),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True, published_by="")
                | models.Q(published_at__gte=models.F("frozen_at")) & ~models.Q(published_by=""),
                name="table_published_after_frozen",
            ),
            # The drive alone may do both: two persons decided about the verdict that it corrects a table for.
            models.CheckConstraint(
                condition=models.Q(published_by="")
                | models.Q(published_by="drive")
                | ~models.Q(published_by=models.F("frozen_by")),
                name="table_published_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(edition=1) | ~models.Q(why=""), name="table_later_edition_says_why"
            ),
        ]
        indexes = [models.Index(fields=["place", "arena", "-period", "-edition"], name="table_latest")]

    def frozen(self) -> tuple[TableSpec, TableInputs]:
        """The specification and the inputs as they were frozen."""
        return TableSpec.from_json(json.loads(self.spec)), TableInputs.from_json(json.loads(self.inputs))

    def computed(self) -> TableResult:
        """The result as it was frozen."""
        return TableResult.from_json(json.loads(self.result))


class Standing(models.Model):
    """A unit's line in a table; unranked where there is too little to judge."""

    table = models.ForeignKey(Table, models.CASCADE, related_name="standings")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="standings")
    group = models.CharField(_("group"), max_length=60)
    score = models.DecimalField(_("score"), max_digits=14, decimal_places=6, null=True, blank=True)
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    rank_low = models.PositiveIntegerField(_("best rank it may have"), null=True, blank=True)
    rank_high = models.PositiveIntegerField(_("worst rank it may have"), null=True, blank=True)
    of = models.PositiveIntegerField(_("ranked in the group"), default=0)
    named_worst = models.BooleanField(_("named among the worst"), default=False)
    named_best = models.BooleanField(_("named among the best"), default=False)

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = [
            models.UniqueConstraint(fields=["table", "group", "unit"], name="standing_once"),
            models.CheckConstraint(
                condition=models.Q(rank__isnull=True, rank_low__isnull=True, rank_high__isnull=True)
                | models.Q(rank__gte=1, rank_low__lte=models.F("rank"), rank_high__gte=models.F("rank")),
                name="standing_rank_has_interval",
            ),
            models.CheckConstraint(
                condition=models.Q(named_worst=False, named_best=False) | models.Q(rank__isnull=False),
                name="standing_named_is_ranked",
            ),
        ]
