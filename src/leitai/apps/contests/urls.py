"""Addresses of contests, below the place's own."""

from django.urls import path

from . import pages

app_name = "contests"
urlpatterns = [
    path("contests", pages.listing, name="list"),
    path("contests/<int:number>", pages.one, name="one"),
    path("contests/<int:number>/nominate", pages.nominate, name="nominate"),
    path("contests/<int:number>/jury", pages.jury, name="jury"),
    path("contests/<int:number>/vote", pages.vote, name="vote"),
    path("nominations/<int:number>/object", pages.challenge, name="challenge"),
    path("objections/<int:number>/answer", pages.answer, name="answer"),
]
