"""Addresses of tables, below the place's own."""

from django.urls import path

from . import packs, pages, whatif_pages, wide

app_name = "tables"
urlpatterns = [
    path("t/", pages.index, name="index"),
    path("t/freeze", pages.freeze, name="freeze"),
    path("t/period/<str:key>.xlsx", wide.period_sheet, name="period_sheet"),
    path("t/period/<str:key>", wide.period, name="period"),
    path("t/whatif.xlsx", whatif_pages.whatif_sheet, name="whatif_sheet"),
    path("t/whatif", whatif_pages.whatif_page, name="whatif"),
    path("t/<int:number>", pages.table, name="table"),
    path("t/<int:number>/publish", pages.publish, name="publish"),
    path("t/<int:number>/u/<str:key>", pages.why, name="why"),
    path("t/<int:number>/changes", wide.changes, name="changes"),
    path("t/<int:number>/editions", wide.editions, name="editions"),
    path("t/<int:number>/funnel", wide.funnel_plot, name="funnel"),
    path("t/<int:number>/heat", wide.heat_map, name="heat"),
    path("t/<int:number>/heat.xlsx", wide.heat_sheet, name="heat_sheet"),
    path("t/<int:number>.xlsx", pages.sheet, name="sheet"),
    path("t/<int:number>.json", pages.pack, name="pack"),
    path("t/<int:number>/pack.zip", packs.pack, name="pack_zip"),
    path("t/<int:number>/table.csv", packs.lines, name="csv"),
    path("t/<int:number>/table.json", packs.values, name="json"),
    path("compare", wide.compare, name="compare"),
    path("compare.xlsx", wide.compare_sheet, name="compare_sheet"),
]
