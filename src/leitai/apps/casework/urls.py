"""Addresses of cases, below the place's own."""

from django.urls import path

from . import (
    breaches,
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
    requests,
    slips,
    track,
)

app_name = "casework"
urlpatterns = [
    path("desk", pages.desk, name="desk"),
    path("desk.xlsx", pages.export, name="desk_export"),
    path("c/new", register.register, name="register"),
    path(
        "c/<path:ref>/answer", pages.answer, name="answer"
    ),  # a reference of another system may hold slashes
    path("c/<path:ref>/move", pages.move, name="move"),
    path("c/<path:ref>/photos", pictures.add, name="add_photos"),
    path("c/<path:ref>/photo/<int:number>", pictures.photo, name="photo"),
    path("c/<path:ref>/ask", requests.ask, name="ask_party"),
    path("c/<path:ref>/requests/<int:number>", requests.answer_request, name="answer_request"),
    path("c/<path:ref>/requests/<int:number>/withdraw", requests.withdraw, name="withdraw"),
    path("c/<path:ref>/resume", requests.resume, name="resume"),
    path("c/<path:ref>/root", requests.join, name="join_root"),
    path("c/<path:ref>/root/leave", requests.leave, name="leave_root"),
    path("c/<path:ref>/branches", requests.answer_branches, name="answer_branches"),
    path("c/<path:ref>/sheet", pages.sheet, name="sheet"),
    path("c/<path:ref>", pages.case, name="case"),
    path("office", office.office, name="office"),
    path("office/dispatch", office.dispatch, name="dispatch"),
    path("office/strike-off", office.strike_off, name="strike_off"),
    path("office/join", office.join, name="join"),
    path("office/likeness", likeness_pages.board, name="likenesses"),
    path("office/likeness/<int:number>", likeness_pages.one, name="likeness"),
    path("office.xlsx", office.export, name="export"),
    path("office/import", ledger_pages.take, name="import_ledger"),
    path("slips", slips.listing, name="slips"),
    path("slips/<int:number>", slips.slip, name="slip"),
    path("slips/<int:number>/sign", slips.sign, name="sign_slip"),
    path("breaches", breaches.breaches, name="breaches"),
    path("breaches.xlsx", breaches.export, name="breaches_export"),
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
