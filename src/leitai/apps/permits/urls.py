"""Addresses of permits, below the place's own."""

from django.urls import path

from . import door, pages, work

app_name = "permits"
urlpatterns = [
    path("starts", pages.index, name="index"),
    path("starts/export", pages.export, name="export"),
    path("starts/new", work.new, name="new"),
    path("starts/<int:number>", pages.one, name="one"),
    path("starts/<int:number>/do", work.do, name="do"),
    path("starts/<int:number>/permits/<str:key>", work.permit, name="permit"),
    path("starts/<int:number>/papers/<str:key>", work.paper, name="paper"),
    path("starts/of/<str:enterprise>/<str:secret>", door.index, name="door"),
    path("starts/of/<str:enterprise>/<str:secret>/<int:number>", door.one, name="door_one"),
]
