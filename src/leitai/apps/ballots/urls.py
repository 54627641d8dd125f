"""Addresses of verdicts below a place's own: the queue of those to be verified, the codes to hang up."""

from django.urls import path

from .pages import calls, points

app_name = "ballots"
urlpatterns = [
    path("office/verdicts", calls.queue, name="queue"),
    path("office/verdicts/<int:number>", calls.one, name="one"),
    path("office/codes", points.codes, name="codes"),
]
