"""Rows of bulletins: the document of a published table, kept as it was sent round."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Bulletin(models.Model):
    """A Word document drawn up from one edition of a table."""

    place = models.ForeignKey("people.Place", models.PROTECT, related_name="bulletins")
    table = models.OneToOneField("tables.Table", models.PROTECT, related_name="bulletin")
    title = models.CharField(_("title"), max_length=200)
    document = models.BinaryField(_("document"))
    drawn_at = models.DateTimeField(_("drawn up at"))
    drawn_by = models.CharField(_("drawn up by"), max_length=100)

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
