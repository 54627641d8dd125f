"""What is done about people from the work pages: choosing a unit, enterprises and their links, one's own password."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.core.validators import validate_unicode_slug
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.ui.typed import line

from . import actions, queries
from .access import Visit, page, public_page
from .models import Enterprise


@require_safe
@public_page
def units(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The units that a box proposes for what was typed, as its options; what units there are is public."""
    typed = line(request.GET.get("unit", ""), 100)
    return render(request, "people/_units.html", {"units": queries.proposed(visit.place, typed)})


class EnterpriseForm(forms.Form):
    """A new enterprise as the office enters it."""

    key = forms.CharField(max_length=100, validators=[validate_unicode_slug])
    name_zh = forms.CharField(max_length=200, required=False)
    name_en = forms.CharField(max_length=200, required=False)
    unit = forms.CharField(max_length=300, required=False)
    sponsor = forms.CharField(max_length=150, required=False)

    def __init__(self, place: Any, posted: Any = None) -> None:
        super().__init__(posted)
        self.place = place

    def clean_unit(self) -> Any:
        """The liaison unit, or None."""
        typed = self.cleaned_data["unit"]
        found = queries.unit(self.place, queries.key_of(self.place, typed)) if typed else None
        if typed and (found is None or not found.active):
            raise forms.ValidationError(_("There is no such unit: choose one from the list."))
        return found

    def clean_sponsor(self) -> Any:
        """The leader, or None."""
        name = self.cleaned_data["sponsor"]
        found = next((one for one in queries.leaders(self.place) if one.username == name), None)
        if name and found is None:
            raise forms.ValidationError(_("There is no such leader."))
        return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page("enterprise.manage")
def enterprise(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Add an enterprise; its link is shown at once, and never again."""
    form = EnterpriseForm(visit.place, request.POST if request.method == "POST" else None)
    refusal = ""
    if form.is_bound and form.is_valid():
        secret, given = secrets.token_urlsafe(24), form.cleaned_data
        try:
            row = actions.add_enterprise(
                place=visit.place,
                key=given["key"],
                name_zh=given["name_zh"],
                name_en=given["name_en"],
                secret=secret,
                liaison=given["unit"],
                sponsor=given["sponsor"],
                by=visit.viewer.name,
                now=visit.now,
            )
        except Refused as told:
            refusal = str(told)
        else:
            return _link(request, visit, row, secret)
    context = {
        "visit": visit,
        "form": form,
        "leaders": queries.leaders(visit.place),
        "refusal": refusal,
        "suggested": f"e{len(queries.enterprises(visit.place)) + 1}",
    }
    return render(request, "people/enterprise.html", context, status=409 if form.errors or refusal else 200)


@require_POST
@never_cache
@page("enterprise.manage")
def link(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """Make a new link for an enterprise and show it, this once."""
    row = queries.enterprise(visit.place, key)
    if row is None:
        raise Http404(_("There is no such enterprise."))
    secret = secrets.token_urlsafe(24)
    actions.renew_link(enterprise=row, secret=secret, by=visit.viewer.name, now=visit.now)
    return _link(request, visit, row, secret)


def _link(request: HttpRequest, visit: Visit, row: Enterprise, secret: str) -> HttpResponse:
    path = reverse("casework:ask", args=[visit.place.key, row.key, secret])
    context = {"visit": visit, "firm": row, "address": request.build_absolute_uri(path)}
    answer = render(request, "people/link.html", context)
    answer["Referrer-Policy"] = "same-origin"
    return answer


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password."""
    form = PasswordChangeForm(request.user, request.POST if request.method == "POST" else None)
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            account = actions.set_password(
                account=request.user,
                password=form.cleaned_data["new_password1"],
                by=f"account:{request.user.get_username()}",
                now=timezone.now(),
            )
        except Refused as told:
            refusal = str(told)
        else:
            update_session_auth_hash(request, account)
            return redirect(f"{reverse('password')}?done=1")
    context = {"form": form, "refusal": refusal, "done": "done" in request.GET}
    return render(request, "people/password.html", context, status=409 if form.errors or refusal else 200)
