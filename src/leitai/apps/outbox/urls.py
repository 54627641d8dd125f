"""Addresses of channels, below the place's own."""

from django.urls import path

from . import pages

app_name = "outbox"
urlpatterns = [
    path("channels", pages.channels, name="channels"),
    path("channels/add", pages.add, name="add"),
    path("channels/<int:number>", pages.one, name="one"),
    path("channels/<int:number>/change", pages.change, name="change"),
    path("channels/<int:number>/do", pages.do, name="do"),
]
