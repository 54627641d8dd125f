"""Addresses of people, below the place's own."""

from django.urls import path

from . import officials_page, pages

app_name = "people"
urlpatterns = [
    path("office/units", pages.units, name="units"),
    path("officials", officials_page.officials, name="officials"),
    path("enterprises/new", pages.enterprise, name="enterprise"),
    path("enterprises/<str:key>/link", pages.link, name="link"),
]
