"""Addresses of every page: the few that belong to no place, then each room's own below `/<place>/`.

A citizen's addresses (`/b/<code>`, `/r/<receipt>`) are global, because what hangs on a wall should be short
and names its place itself.
"""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from leitai.apps.people import pages as people
from leitai.apps.people.signin import SignInForm
from leitai.web.pages import front
from leitai.web.pages.health import health

ROOMS = (
    "people", "ballots", "casework", "outbox", "projects", "permits", "chains", "measures", "campaigns", "tables",
    "occasions", "peers", "inspections", "contests", "burden", "merits", "bulletins", "regimes",
)  # fmt: skip

urlpatterns = [
    path("", front.places, name="places"),
    path("", include("leitai.apps.ballots.urls_global")),
    path("api/", include("leitai.api.urls")),
    path("healthz", health, name="health"),
    # Django's own page for this saves past the actions, so that no event would tell of it.
    path("admin/password_change/", people.password, name="admin-password"),
    path("password/", people.password, name="password"),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path(
        "login/",
        LoginView.as_view(
            template_name="web/login.html", redirect_authenticated_user=True, authentication_form=SignInForm
        ),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    *(path("<slug:place>/", include(f"leitai.apps.{room}.urls")) for room in ROOMS),
    path("<slug:place>/", include("leitai.web.urls")),
]
