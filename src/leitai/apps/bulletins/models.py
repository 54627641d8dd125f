"""Rows of bulletins: what was sent round, what its figures rest on, and what was corrected since."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Bulletin(models.Model):
    """A bulletin (通报), or an item of the exposure column, drawn up from editions and cases; public once issued.

    `blocks` is its text as a list of {"kind": "heading" | "paragraph" | "table" | "reply", ...}; the Word and PDF files
    are drawn from it when it is issued and kept. Two people approve it. `mark` is what later corrections say of it.
    """

    KINDS = ("table", "notice", "exposure", "meeting", "inspection")
    STATES = ("draft", "issued", "dropped")

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="bulletins")
    kind = models.CharField(_("kind"), max_length=12, default="table")
    table = models.OneToOneField(
        "tables.Table", models.PROTECT, null=True, blank=True, related_name="bulletin"
    )
    subject = models.CharField(
        _("about"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("what it was drawn up from: case:12, occasion:3"),
    )
    title = models.CharField(_("title"), max_length=200)
    number = models.CharField(_("document number"), max_length=60, blank=True, default="")
    blocks = models.JSONField(_("text"), default=list)
    state = models.CharField(_("state"), max_length=10, default="draft")
    document = models.BinaryField(_("document"), null=True)
    pdf = models.BinaryField(null=True)
    drawn_at = models.DateTimeField(_("drawn up at"))
    drawn_by = models.CharField(_("drawn up by"), max_length=100)
    first_by = models.CharField(_("first approved by"), max_length=100, blank=True, default="")
    first_at = models.DateTimeField(_("first approved at"), null=True, blank=True)
    second_by = models.CharField(_("then approved by"), max_length=100, blank=True, default="")
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    dropped_why = models.CharField(_("dropped because"), max_length=300, blank=True, default="")
    mark = models.CharField(_("corrected since"), max_length=500, blank=True, default="")
    marked_at = models.DateTimeField(_("marked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "number"], condition=~Q(number=""), name="bulletin_number_once"
            ),
            models.UniqueConstraint(
                fields=["place", "kind", "subject"],
                condition=~Q(subject="") & ~Q(state="dropped"),
                name="bulletin_subject_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="table", table__isnull=False) | ~Q(kind="table") & Q(table__isnull=True),
                name="bulletin_of_a_table_or_not",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued")
                | Q(issued_at__isnull=False, document__isnull=False)
                & ~Q(first_by="")
                & ~Q(second_by="")
                & ~Q(first_by=F("second_by")),
                name="bulletin_issued_by_two",
            ),
            models.CheckConstraint(
                condition=Q(mark="", marked_at__isnull=True) | ~Q(mark="") & Q(marked_at__isnull=False),
                name="bulletin_marked_whole",
            ),
        ]
        indexes = [models.Index(fields=["place", "state", "issued_at"], name="bulletin_issued")]


class Citation(models.Model):
    """A figure of a bulletin and the edition or case it came from: `subject` as "table:3" or "case:12"."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="citations")
    subject = models.CharField(_("rests on"), max_length=60)
    text = models.CharField(_("figure"), max_length=300)

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "subject", "text"], name="citation_once"),
        ]
        indexes = [models.Index(fields=["subject"], name="citation_by_subject")]
