"""Django's handle on the pages."""

from django.apps import AppConfig


class Config(AppConfig):
    """Name and label."""

    name = "leitai.web"
    label = "web"
