"""Addresses of readings, below the place's own."""

from django.urls import path

from . import pages

app_name = "measures"
urlpatterns = [
    path("report", pages.report, name="report"),
    path("readings", pages.readings, name="readings"),
    path("readings/<int:number>/verify", pages.verify, name="verify"),
    path("desk/asked", pages.asked, name="asked"),
]
