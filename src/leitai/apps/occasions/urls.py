"""Addresses of occasions, below the place's own."""

from django.urls import path

from . import pages

app_name = "occasions"
urlpatterns = [
    path("calendar", pages.calendar, name="calendar"),
    path("calendar/<int:number>/hold", pages.hold, name="hold"),
]
