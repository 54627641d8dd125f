"""Django's handle on the pages' parts."""

from django.apps import AppConfig


class Config(AppConfig):
    """Name and label."""

    name = "leitai.ui"
    label = "ui"
