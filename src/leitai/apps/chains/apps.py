"""Django's handle on this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Name and label of the room."""

    name = "leitai.apps.chains"
    label = "chains"
    verbose_name = _("Industrial chains")
