"""Addresses of people, below the place's own."""

from django.urls import path

from . import pages

app_name = "people"
urlpatterns = [
    path("office/units", pages.units, name="units"),
    path("enterprises/new", pages.enterprise, name="enterprise"),
    path("enterprises/<str:key>/link", pages.link, name="link"),
]
