"""Addresses of tables, below the place's own."""

from django.urls import path

from . import pages

app_name = "tables"
urlpatterns = [
    path("t/", pages.index, name="index"),
    path("t/freeze", pages.freeze, name="freeze"),
    path("t/<int:number>", pages.table, name="table"),
    path("t/<int:number>/publish", pages.publish, name="publish"),
    path("t/<int:number>/u/<str:key>", pages.why, name="why"),
    path("t/<int:number>.xlsx", pages.sheet, name="sheet"),
    path("t/<int:number>.json", pages.pack, name="pack"),
]
