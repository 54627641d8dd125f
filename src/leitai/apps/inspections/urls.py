"""Addresses of inspections, below the place's own."""

from django.urls import path

from . import pages, visit_page

app_name = "inspections"
urlpatterns = [
    path("inspections", pages.index, name="index"),
    path("inspections/open", pages.open_round, name="open"),
    path("inspections/<int:number>", pages.one, name="one"),
    path("inspections/<int:number>/close", pages.close, name="close"),
    path("inspections/<int:number>/export", pages.export, name="export"),
    path("inspections/visits/<int:number>", visit_page.visit, name="visit"),
    path("inspections/visits/<int:number>/plan", visit_page.plan, name="plan"),
    path("inspections/findings/<int:number>/reply", visit_page.reply, name="reply"),
]
