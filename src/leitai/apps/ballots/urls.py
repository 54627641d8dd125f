"""Addresses of verdicts below a place's own: the queue of those to be verified, the codes to hang up."""

from django.urls import path

from . import pages, sheet

app_name = "ballots"
urlpatterns = [
    path("office/verdicts", pages.queue, name="queue"),
    path("office/verdicts/<int:number>", pages.one, name="one"),
    path("office/codes", sheet.codes, name="codes"),
]
