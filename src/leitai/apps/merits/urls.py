"""Addresses of consequences, below the place's own."""

from django.urls import path

from . import pages, public_pages, record_pages

app_name = "merits"
urlpatterns = [
    path("merits", pages.listing, name="list"),
    path("merits/<int:number>", pages.one, name="one"),
    path("merits/<int:number>/reply", pages.reply, name="reply"),
    path("merits/<int:number>/decide", pages.decide, name="decide"),
    path("merits/<int:number>/appeal", pages.appeal, name="appeal"),
    path("merits/<int:number>/correct", pages.correct, name="correct"),
    path("notices/<int:number>", public_pages.notice, name="notice"),
    path("officials/priority", record_pages.priority, name="priority"),
    path("officials/<slug:key>", record_pages.record, name="record"),
    path("desk/consequences", pages.awaiting, name="awaiting"),
]
