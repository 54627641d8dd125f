"""Rows of projects that come by spreadsheet: what a layout's headings mean, each file, and the line of each project."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .projects import Project


class ImportMap(models.Model):
    """What the headings of a layout mean, as a person left it; the next file with the same headings is read by it.

    `labels` are the headings, `columns` a pair (field, unit) for each of them; `words` says for a field which key a
    word of the office means. `library`: where its projects belong.
    """

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="import_maps")
    fingerprint = models.CharField(max_length=64)
    name = models.CharField(_("name"), max_length=120)
    labels = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    words = models.JSONField(default=dict)
    library = models.CharField(_("library"), max_length=40, blank=True, default="")
    kept_by = models.CharField(_("kept by"), max_length=100)
    kept_at = models.DateTimeField(_("kept at"))

    class Meta:
        verbose_name = _("layout of an office")
        verbose_name_plural = _("layouts of offices")
        constraints = [
            models.UniqueConstraint(fields=["place", "fingerprint"], name="import_map_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="import_map_is_named"),
        ]


class ImportRun(models.Model):
    """A file of projects as it came. `year` and `as_of` are what its days and sums are of; `told` what was done."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="import_runs")
    name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    year = models.PositiveSmallIntegerField(_("year"))
    as_of = models.DateField(_("as of"))
    by = models.CharField(_("by"), max_length=100)
    at = models.DateTimeField(_("at"))
    applied_by = models.CharField(_("taken over by"), max_length=100, blank=True, default="")
    applied_at = models.DateTimeField(_("taken over at"), null=True)
    told = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("file of projects")
        verbose_name_plural = _("files of projects")
        constraints = [
            models.UniqueConstraint(fields=["place", "digest"], name="import_run_once"),
            models.CheckConstraint(
                condition=models.Q(applied_by="", applied_at__isnull=True)
                | ~models.Q(applied_by="") & models.Q(applied_at__isnull=False),
                name="import_run_applied_whole",
            ),
        ]
        indexes = [models.Index(fields=["place", "-at"], name="import_run_newest")]


class ImportLine(models.Model):
    """Where a project stood in the last file of a layout, and what stood in its columns that have no field here."""

    layout = models.ForeignKey(ImportMap, models.CASCADE, related_name="lines")
    project = models.ForeignKey(Project, models.CASCADE, related_name="import_lines")
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="lines", db_index=False)
    sheet = models.CharField(max_length=40)
    row = models.PositiveIntegerField()
    extras = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["layout", "project"], name="import_line_once")]
        indexes = [models.Index(fields=["layout", "sheet", "row"], name="import_line_in_order")]
