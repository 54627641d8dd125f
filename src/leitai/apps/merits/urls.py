"""Addresses of consequences, below the place's own."""

from django.urls import path

from . import pages

app_name = "merits"
urlpatterns = [
    path("merits", pages.listing, name="list"),
    path("merits/<int:number>", pages.one, name="one"),
    path("merits/<int:number>/reply", pages.reply, name="reply"),
    path("merits/<int:number>/decide", pages.decide, name="decide"),
    path("desk/consequences", pages.awaiting, name="awaiting"),
]
