"""Addresses of cases, below the place's own."""

from django.urls import path

from . import (
    door,
    enterprises,
    ledger_pages,
    likeness_pages,
    office,
    pages,
    patrol,
    pictures,
    register,
    report,
    track,
)

app_name = "casework"
urlpatterns = [
    path("desk", pages.desk, name="desk"),
    path("c/new", register.register, name="register"),
    path(
        "c/<path:ref>/answer", pages.answer, name="answer"
    ),  # a reference of another system may hold slashes
    path("c/<path:ref>/move", pages.move, name="move"),
    path("c/<path:ref>/photos", pictures.add, name="add_photos"),
    path("c/<path:ref>/photo/<int:number>", pictures.photo, name="photo"),
    path("c/<path:ref>", pages.case, name="case"),
    path("office", office.office, name="office"),
    path("office/dispatch", office.dispatch, name="dispatch"),
    path("office/likeness", likeness_pages.board, name="likenesses"),
    path("office/likeness/<int:number>", likeness_pages.one, name="likeness"),
    path("office.xlsx", office.export, name="export"),
    path("office/import", ledger_pages.take, name="import_ledger"),
    path("patrol", patrol.patrol, name="patrol"),
    path("patrol/fresh", patrol.fresh, name="patrol_fresh"),
    path("patrol/worker.js", patrol.worker, name="patrol_worker"),
    path("problem", report.report, name="report"),
    path("problem/poster", report.poster, name="poster"),
    path("track", track.find, name="track_find"),
    path("track/<str:code>", track.track, name="track"),
    path("track/<str:code>/photo/<int:number>", track.photo, name="track_photo"),
    path("enterprises", enterprises.enterprises, name="enterprises"),
    path("ask/<str:enterprise>/<str:secret>", door.ask, name="ask"),
    path("ask/<str:enterprise>/<str:secret>/<path:ref>", door.settle, name="settle"),
]
