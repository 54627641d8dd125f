"""Addresses of cases, below the place's own."""

from django.urls import path

from . import door, enterprises, office, pages, register

app_name = "casework"
urlpatterns = [
    path("desk", pages.desk, name="desk"),
    path("c/new", register.register, name="register"),
    path(
        "c/<path:ref>/answer", pages.answer, name="answer"
    ),  # a reference of another system may hold slashes
    path("c/<path:ref>/move", pages.move, name="move"),
    path("c/<path:ref>", pages.case, name="case"),
    path("office", office.office, name="office"),
    path("office/dispatch", office.dispatch, name="dispatch"),
    path("office.xlsx", office.export, name="export"),
    path("enterprises", enterprises.enterprises, name="enterprises"),
    path("ask/<str:enterprise>/<str:secret>", door.ask, name="ask"),
    path("ask/<str:enterprise>/<str:secret>/<path:ref>", door.settle, name="settle"),
]
