"""Django's handle on the drive."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Name and label of the drive."""

    name = "leitai.drive"
    label = "drive"
    verbose_name = _("Drive")
