"""Django's handle on this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Name and label of the room."""

    name = "leitai.apps.projects"
    label = "projects"
    verbose_name = _("Projects")
