"""Addresses of occasions, below the place's own."""

from django.urls import path

from . import commitment_pages, feed, meeting_pages, pages, preparation_pages

app_name = "occasions"
urlpatterns = [
    path("calendar", pages.calendar, name="calendar"),
    path("calendar.ics", feed.feed, name="feed"),
    path("calendar/link", feed.renew, name="renew_link"),
    path("calendar/<int:number>/hold", pages.hold, name="hold"),
    path("calendar/<int:number>/shift", pages.shift, name="shift"),
    path("calendar/<int:number>/cancel", pages.cancel, name="cancel"),
    path("calendar/<str:token>.ics", feed.own_feed, name="own_feed"),
    path("o/asked", commitment_pages.asked, name="asked"),
    path("o/figure", meeting_pages.figure, name="figure"),
    path("o/say/<int:number>", commitment_pages.statement, name="statement"),
    path("o/<int:number>", meeting_pages.meeting, name="meeting"),
    path("o/<int:number>/note", meeting_pages.note, name="note"),
    path("o/<int:number>/promise", meeting_pages.promise, name="promise"),
    path("o/<int:number>/held", meeting_pages.close, name="close"),
    path("o/<int:number>/wall", meeting_pages.wall, name="wall"),
    path("o/<int:number>.docx", meeting_pages.word, name="word"),
    path("promises", commitment_pages.commitments, name="commitments"),
    path("promises/<int:number>", commitment_pages.commitment, name="commitment"),
    path("preparations", preparation_pages.preparations, name="preparations"),
    path("preparations/<int:number>", preparation_pages.prepare, name="prepare"),
]
