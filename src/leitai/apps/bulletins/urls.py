"""Addresses of bulletins, below the place's own."""

from django.urls import path

from . import pages

app_name = "bulletins"
urlpatterns = [
    path("t/<int:number>/bulletin", pages.bulletin, name="bulletin"),
    path("t/<int:number>/bulletin/draw", pages.draw, name="draw"),
]
