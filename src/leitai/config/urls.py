"""Addresses of every page: the few that belong to no place, then each room's own below `/<place>/`.

The ballot room's are global (`/b/<code>`, `/r/<receipt>`), because what hangs on a wall should be short and names
its place itself.
"""

from importlib.util import find_spec

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from leitai.web.pages import front

ROOMS = ("casework", "measures", "tables", "occasions", "merits", "bulletins", "regimes", "ledger")

urlpatterns = [
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("login/", LoginView.as_view(template_name="web/login.html"), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("", front.places, name="places"),
    *[path("", include(f"leitai.apps.{room}.urls")) for room in ("ballots",) if find_spec(f"leitai.apps.{room}.urls")],
    *[
        path("<slug:place>/", include(f"leitai.apps.{room}.urls"))
        for room in ROOMS
        if find_spec(f"leitai.apps.{room}.urls")
    ],
    path("<slug:place>/", include("leitai.web.urls")),
]
