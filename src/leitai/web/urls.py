"""Addresses of the pages that read several rooms, below the place's own."""

from django.urls import path

from .pages import front, ledger, unit_verdicts, units

app_name = "web"
urlpatterns = [
    path("", front.board, name="board"),
    path("log", ledger.log, name="log"),
    path("u/", units.index, name="units"),
    path("u/<str:key>", units.unit, name="unit"),
    path("u/<str:key>/verdicts", unit_verdicts.unit, name="unit_verdicts"),
]
