"""Addresses of verdicts below a place's own: the queue of those to be verified, the codes to hang up."""

from django.urls import path

from .pages import appeals, calls, leads, points, reviews, sheets, weekly

app_name = "ballots"
urlpatterns = [
    path("office/verdicts", calls.queue, name="queue"),
    path("office/verdicts/<int:number>", calls.one, name="one"),
    path("office/verdicts/<int:number>/photo", calls.photo, name="photo"),
    path("office/reviews", reviews.queue, name="reviews"),
    path("office/reviews/<int:number>", reviews.one, name="review"),
    path("verdicts/<int:number>", appeals.one, name="verdict"),
    path("verdicts/<int:number>/part", appeals.part, name="verdict_part"),
    path("office/codes", points.codes, name="codes"),
    path("office/codes/<int:number>", points.code, name="code"),
    path("office/codes/add", points.add_codes, name="add-codes"),
    path("office/codes/change", points.change_codes, name="change-codes"),
    path("office/codes/print", sheets.print_codes, name="print-codes"),
    path("office/codes.zip", sheets.zip_codes, name="zip-codes"),
    path("office/leads", leads.board, name="leads"),
    path("office/leads/<int:number>", leads.one, name="lead"),
    path("office/silent", weekly.silent, name="silent"),
    path("verdicts/week", weekly.week, name="week"),
    path("verdicts/week/<str:key>", weekly.week, name="week_of"),
]
