"""Addresses of campaigns, below the place's own."""

from django.urls import path

from . import pages

app_name = "campaigns"
urlpatterns = [
    path("campaigns", pages.index, name="index"),
    path("campaigns/export", pages.export, name="export"),
    path("campaigns/<slug:key>", pages.one, name="one"),
]
