"""Addresses of cases, below the place's own."""

from django.urls import path

from . import door, office, pages

app_name = "casework"
urlpatterns = [
    path("desk", pages.desk, name="desk"),
    path("c/<str:ref>", pages.case, name="case"),
    path("c/<str:ref>/answer", pages.answer, name="answer"),
    path("c/<str:ref>/move", pages.move, name="move"),
    path("office", office.office, name="office"),
    path("office/dispatch", office.dispatch, name="dispatch"),
    path("office.xlsx", office.export, name="export"),
    path("ask/<str:enterprise>/<str:secret>", door.ask, name="ask"),
    path("ask/<str:enterprise>/<str:secret>/<str:ref>", door.settle, name="settle"),
]
