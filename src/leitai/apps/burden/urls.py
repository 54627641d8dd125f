"""Addresses of burden, below the place's own."""

from django.urls import path

from . import ask_pages, pages

app_name = "burden"
urlpatterns = [
    path("burden", pages.meter, name="meter"),
    path("burden/export", pages.export, name="export"),
    path("burden/units/<str:key>", pages.unit, name="unit"),
    path("burden/asks", ask_pages.asks, name="asks"),
    path("burden/asks/waiting", ask_pages.waiting, name="waiting"),
    path("burden/asks/export", ask_pages.export, name="export_asks"),
    path("burden/asks/<int:number>", ask_pages.one, name="ask"),
    path("burden/asks/<int:number>/withdraw", ask_pages.withdraw, name="withdraw"),
]
