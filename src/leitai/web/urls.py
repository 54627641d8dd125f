"""Addresses of the pages that read several rooms, below the place's own."""

from django.urls import path

from .pages import front, ledger, sponsor, unit_sheet, unit_verdicts, units, wall

app_name = "web"
urlpatterns = [
    path("", front.board, name="board"),
    path("log", ledger.log, name="log"),
    path("sponsor", sponsor.sponsor, name="sponsor"),
    path("u/", units.index, name="units"),
    path("u/<str:key>.xlsx", unit_sheet.sheet, name="unit_sheet"),
    path("u/<str:key>", units.unit, name="unit"),
    path("u/<str:key>/verdicts", unit_verdicts.unit, name="unit_verdicts"),
    path("wall", wall.wall, name="wall"),
    path("wall/tile/<str:key>", wall.wall_tile, name="wall_tile"),
    path("wall/pulse", wall.wall_pulse, name="wall_pulse"),
    path("wall/owed", wall.wall_owed, name="wall_owed"),
    path("wall/screens", wall.wall_screens, name="wall_screens"),
    path("wall/s/<str:token>", wall.wall_screen, name="wall_screen"),
    path("wall/s/<str:token>/tile/<str:key>", wall.wall_screen_tile, name="wall_screen_tile"),
    path("wall/s/<str:token>/pulse", wall.wall_screen_pulse, name="wall_screen_pulse"),
    path("wall/s/<str:token>/owed", wall.wall_screen_owed, name="wall_screen_owed"),
]
