"""Addresses of bulletins, below the place's own."""

from django.urls import path

from .pages import office, public

app_name = "bulletins"
urlpatterns = [
    path("bulletins", public.listing, name="list"),
    path("bulletins.atom", public.feed, name="feed"),
    path("bulletins/new", office.new, name="new"),
    path("bulletins/<int:number>", public.one, name="one"),
    path("bulletins/<int:number>/approve", office.approve, name="approve"),
    path("bulletins/<int:number>/cite", office.cite, name="cite"),
    path("bulletins/<int:number>/drop", office.drop, name="drop"),
    path("bulletins/<int:number>/edit", office.edit, name="edit"),
    path("bulletins/<int:number>/pdf", public.pdf, name="pdf"),
    path("bulletins/<int:number>/word", public.word, name="word"),
    path("exposure", public.exposure, name="exposure"),
    path("exposure.atom", public.feed, {"kind": "exposure"}, name="exposure-feed"),
    path("t/<int:number>/bulletin", public.of_table, name="bulletin"),
    path("t/<int:number>/bulletin/draw", office.draw, name="draw"),
]
