"""Rows of the library: a project, what it costs, the stages it went through, its libraries, the units that help."""

from django.db import models
from django.utils.translation import gettext_lazy as _

LIGHTS = ("none", "green", "yellow", "red", "done")
SUMS = ("planned", "contracted", "arrived", "invested")


class Project(models.Model):
    """A project, its code once in the place. Sums are in yuan, land in mu; keys are the rule-book's.

    What lists are filtered and sorted by is kept here, worked out from the rows below at each change and once a day:
    the stage, the last sums, the light, and the days behind the plan that count (`slip`) or are excused. `turns_on` is
    the first day on which that must be worked out anew; none for what can no longer change by itself.
    """

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="projects")
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=40, blank=True, default="")
    level = models.CharField(_("level"), max_length=40, blank=True, default="")
    chain = models.CharField(_("chain"), max_length=40, blank=True, default="")
    about = models.TextField(_("what is built"), blank=True, default="")
    where = models.CharField(_("where"), max_length=200, blank=True, default="")
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    land = models.DecimalField(_("land, mu"), max_digits=12, decimal_places=2, null=True, blank=True)
    unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, related_name="projects", db_index=False
    )
    enterprise = models.ForeignKey(
        "people.Enterprise", models.PROTECT, null=True, blank=True, related_name="projects"
    )
    firm = models.CharField(_("enterprise, in words"), max_length=200, blank=True, default="")
    sponsor = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="sponsored_projects"
    )
    planned = models.DecimalField(_("planned, yuan"), max_digits=18, decimal_places=2, null=True, blank=True)
    contracted = models.DecimalField(
        _("contracted, yuan"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    arrived = models.DecimalField(_("arrived, yuan"), max_digits=18, decimal_places=2, null=True, blank=True)
    invested = models.DecimalField(
        _("invested, yuan"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    stage = models.CharField(_("stage"), max_length=40)
    stage_since = models.DateField(_("in this stage since"))
    light = models.CharField(_("light"), max_length=6, default="none")
    slip = models.PositiveIntegerField(_("days behind the plan"), default=0)
    excused = models.PositiveIntegerField(_("days excused"), default=0)
    judged_on = models.DateField(_("as of"), null=True, blank=True)
    turns_on = models.DateField(null=True, blank=True, editable=False)
    next_on = models.DateField(_("next milestone planned for"), null=True, blank=True)
    # Who holds the critical path to its start, as the permits have it; told by the drive, since permits know projects.
    path_unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    path_what = models.CharField(_("what the start waits for"), max_length=200, blank=True, default="")
    path_since = models.DateField(_("since"), null=True, blank=True)
    path_ref = models.CharField(max_length=120, blank=True, default="")
    added_at = models.DateTimeField(_("added at"))
    closed_on = models.DateField(_("given up or left the library on"), null=True, blank=True)
    closed_why = models.CharField(_("because"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            models.UniqueConstraint(fields=["place", "code"], name="project_code_once"),
            models.CheckConstraint(
                condition=~models.Q(code="") & ~models.Q(name=""), name="project_is_named"
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="project_on_the_globe",
            ),
            models.CheckConstraint(condition=models.Q(light__in=LIGHTS), name="project_light_known"),
            models.CheckConstraint(
                condition=(models.Q(planned__isnull=True) | models.Q(planned__gte=0))
                & (models.Q(contracted__isnull=True) | models.Q(contracted__gte=0))
                & (models.Q(arrived__isnull=True) | models.Q(arrived__gte=0))
                & (models.Q(invested__isnull=True) | models.Q(invested__gte=0))
                & (models.Q(land__isnull=True) | models.Q(land__gte=0)),
                name="project_sums_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True, closed_why="")
                | models.Q(closed_on__isnull=False, turns_on__isnull=True) & ~models.Q(closed_why=""),
                name="project_closed_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(path_what="", path_unit__isnull=True, path_since__isnull=True)
                | models.Q(path_since__isnull=False) & ~models.Q(path_what=""),
                name="project_path_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "-slip", "next_on", "code"], name="project_worst_first"),
            models.Index(fields=["place", "light", "-slip"], name="project_by_light"),
            models.Index(fields=["place", "stage"], name="project_by_stage"),
            models.Index(fields=["unit", "-slip"], name="project_of_unit"),
            models.Index(
                fields=["place", "turns_on"],
                condition=models.Q(turns_on__isnull=False),
                name="project_turning",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Party(models.Model):
    """A unit that helps with a project besides the one that answers for it."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="parties")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="helped_projects")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "unit"], name="party_once")]


class Membership(models.Model):
    """A project in a library of the rule-book."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="memberships")
    library = models.CharField(_("library"), max_length=40)
    since = models.DateField(_("since"))

    class Meta:
        verbose_name = _("place in a library")
        verbose_name_plural = _("places in libraries")
        constraints = [models.UniqueConstraint(fields=["project", "library"], name="library_once")]
        indexes = [models.Index(fields=["library", "project"], name="library_members")]


class Amount(models.Model):
    """What a sum of a project was on a day, in yuan; a later word on the same day stands for it."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="amounts")
    what = models.CharField(_("sum"), max_length=10)
    yuan = models.DecimalField(_("yuan"), max_digits=18, decimal_places=2)
    on = models.DateField(_("as of"))
    source = models.CharField(_("source"), max_length=200, blank=True, default="")
    by = models.CharField(_("by"), max_length=100)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("sum")
        verbose_name_plural = _("sums")
        constraints = [
            models.UniqueConstraint(fields=["project", "what", "on"], name="amount_once_a_day"),
            models.CheckConstraint(condition=models.Q(what__in=SUMS), name="amount_known"),
            models.CheckConstraint(condition=models.Q(yuan__gte=0), name="amount_not_negative"),
        ]


class Entry(models.Model):
    """A stage entered on a day, with its evidence: what was needed → where it can be looked up. Back: with why."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="entries")
    stage = models.CharField(_("stage"), max_length=40)
    on = models.DateField(_("on"))
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)
    back = models.BooleanField(_("fell back"), default=False)
    why = models.CharField(_("because"), max_length=300, blank=True, default="")
    by = models.CharField(_("by"), max_length=100)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("stage entered")
        verbose_name_plural = _("stages entered")
        constraints = [
            models.UniqueConstraint(fields=["project", "stage", "on"], name="entry_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(back=False) | ~models.Q(why=""), name="entry_back_says_why"
            ),
        ]
        indexes = [models.Index(fields=["stage", "on"], name="entry_by_day")]
