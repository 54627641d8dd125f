"""Addresses of chains, below the place's own."""

from django.urls import path

from .pages import board, one

app_name = "chains"
urlpatterns = [
    path("chains", board.index, name="index"),
    path("chains/push", board.push, name="push"),
    path("chains/export", board.export, name="export"),
    path("chains/gaps/<int:number>", one.gap, name="gap"),
    path("chains/<slug:chain>", board.one, name="one"),
    path("chains/<slug:chain>/<slug:link>", one.link, name="link"),
]
