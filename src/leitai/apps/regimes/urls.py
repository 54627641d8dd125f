"""Addresses of the rule-book, below the place's own."""

from django.urls import path

from . import pages

app_name = "regimes"
urlpatterns = [
    path("rules", pages.rules, name="rules"),
    path("rules.yaml", pages.download, name="download"),
]
