"""Addresses of scoring on the spot, below the place's own."""

from django.urls import path

from . import pages, phone

app_name = "peers"
urlpatterns = [
    path("o/<int:number>/scoring", pages.scoring, name="scoring"),
    path("o/<int:number>/scoring/route", pages.lay, name="lay"),
    path("o/<int:number>/scoring/open", pages.open_, name="open"),
    path("o/<int:number>/scoring/link", pages.renew, name="renew"),
    path("o/<int:number>/scoring/result", pages.work_out, name="work_out"),
    path("score/<str:secret>", phone.sheet, name="sheet"),
    path("score/<str:secret>/worker.js", phone.worker, name="worker"),
]
