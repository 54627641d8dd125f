"""Addresses of the ledger, below the place's own."""

from django.urls import path

from . import pages

app_name = "ledger"
urlpatterns = [path("log", pages.log, name="log")]
