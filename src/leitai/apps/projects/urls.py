"""Addresses of projects, below the place's own."""

from django.urls import path

from .pages import door, imports, library, one, promotion, rounds

app_name = "projects"
urlpatterns = [
    path("projects", library.index, name="index"),
    path("projects/add", library.add, name="add"),
    path("projects/export", library.export, name="export"),
    path("projects/map", library.points, name="map"),
    path("projects/review", rounds.review, name="review"),
    path("projects/import", imports.index, name="import"),
    path("projects/import/<int:number>", imports.one, name="import-one"),
    path("projects/import/<int:number>/rejects", imports.rejects, name="import-rejects"),
    path("projects/layouts/<int:number>", imports.office, name="layout"),
    path("projects/<str:code>", one.one, name="one"),
    path("promotion", promotion.index, name="promotion"),
    path("promotion/twins", promotion.decide_twins, name="twins"),
    path("promotion/leads/<str:code>", promotion.lead, name="lead"),
    path("projects/of/<str:enterprise>/<str:secret>", door.projects, name="door"),
]
