"""Rows of scoring on the spot by peers: the route, who scores, what each gave where and when, and the result."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Site(models.Model):
    """A stop of the route: whose site it is and its place in the order of visiting, from 1."""

    occasion = models.ForeignKey("occasions.Occasion", models.PROTECT, related_name="sites")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="sites")
    turn = models.PositiveSmallIntegerField(_("turn"))
    name = models.CharField(_("site"), max_length=200)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = [
            models.UniqueConstraint(fields=["occasion", "turn"], name="site_turn_once"),
            models.UniqueConstraint(fields=["occasion", "name"], name="site_name_once"),
        ]


class Scoring(models.Model):
    """That the scoring of an occasion is open: the criteria and the level as the rule-book had them then, for good.

    `terms` is canonical JSON: `criteria`, a list of key, most and name, and `level`.
    """

    occasion = models.OneToOneField("occasions.Occasion", models.PROTECT, related_name="scoring")
    terms = models.TextField()
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.CharField(_("opened by"), max_length=100)

    class Meta:
        verbose_name = _("scoring")
        verbose_name_plural = _("scorings")


class Scorer(models.Model):
    """Who scores, for which unit, and in which order of their own. Comes in by a link whose secret is kept as a digest.

    `start` is the turn their route begins with: half of the scorers may go the other way round, which is what lets the
    order of visiting be told from the sites.
    """

    occasion = models.ForeignKey("occasions.Occasion", models.PROTECT, related_name="scorers")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="scorers")
    number = models.PositiveSmallIntegerField(_("number"))
    start = models.PositiveSmallIntegerField(_("begins with"), default=1)
    backwards = models.BooleanField(_("the other way round"), default=False)
    link_digest = models.CharField(max_length=64, unique=True)
    handed_in_at = models.DateTimeField(_("handed in at"), null=True, blank=True)

    class Meta:
        verbose_name = _("scorer")
        verbose_name_plural = _("scorers")
        constraints = [
            models.UniqueConstraint(fields=["occasion", "number"], name="scorer_number_once"),
            models.CheckConstraint(condition=models.Q(start__gte=1), name="scorer_begins_on_the_route"),
        ]


class Mark(models.Model):
    """Points that a scorer gave a site by one criterion. `at` is what the phone said, right or wrong.

    `received_at` is the house's clock, and the only one that decides anything.

    A mark that is changed is another row; the last one received before the sheet was handed in counts. The units of
    the site and of the scorer stand here too, so that the database itself refuses a mark of one's own unit.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="marks")
    scorer = models.ForeignKey(Scorer, models.PROTECT, related_name="marks")
    of_unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    by_unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    criterion = models.CharField(_("criterion"), max_length=60)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2)
    at = models.DateTimeField(_("at"))
    received_at = models.DateTimeField(_("received at"))
    once = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.UniqueConstraint(fields=["scorer", "once"], name="mark_once"),
            models.CheckConstraint(condition=models.Q(points__gte=0), name="mark_not_below_zero"),
            models.CheckConstraint(
                condition=~models.Q(of_unit=models.F("by_unit")), name="mark_not_of_own_unit"
            ),
        ]


class Result(models.Model):
    """What the marks came to, frozen: `inputs` and `outcome` are canonical JSON, `digest` the SHA-256 of both."""

    occasion = models.OneToOneField("occasions.Occasion", models.PROTECT, related_name="result")
    made_at = models.DateTimeField(_("made at"))
    made_by = models.CharField(_("made by"), max_length=100)
    inputs = models.TextField()
    outcome = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
