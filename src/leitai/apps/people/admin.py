"""Units, accounts and posts for the administrator; every change is an action, so that it leaves its event.

Django's admin shows and asks; what it would save itself goes through `actions` instead. Nothing is deleted
but a post, which is taken away by its own action.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from leitai.apps.ledger.errors import Refused

from . import actions
from .access import viewer_of
from .models import Account, Place, Post, Role, Unit
from .queries import descendants

admin.site.site_header = admin.site.site_title = _("Leitai: administration")


def _administers(request: HttpRequest) -> list[int]:
    """Ids of the places where the one at the door is an administrator."""
    if not (request.user.is_authenticated and request.user.is_active):
        return []
    rows = request.user.posts.filter(role=Role.ADMINISTRATOR)
    return list(rows.values_list("place_id", flat=True))


class Guarded(admin.ModelAdmin):
    """For administrators of a place, and for that place's rows alone."""

    place_path = "place"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(_administers(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return (
            super()
            .get_queryset(request)
            .filter(**{f"{self.place_path}__in": _administers(request)})
            .distinct()
        )

    def formfield_for_foreignkey(self, field: Any, request: HttpRequest, **options: Any) -> Any:
        mine = _administers(request)
        if field.name == "place":
            options["queryset"] = Place.objects.filter(pk__in=mine)
        elif field.related_model is Unit:
            options["queryset"] = Unit.objects.filter(place__in=mine)
        return super().formfield_for_foreignkey(field, request, **options)

    def changeform_view(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        """What an action refuses after the form passed (a race) is told; nothing is saved or logged as done."""
        try:
            return super().changeform_view(request, *args, **named)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())

    def _may(self, request: HttpRequest, obj: Any = None) -> bool:
        mine = _administers(request)
        place = getattr(obj, "place_id", None)
        return bool(mine) and (place is None or place in mine)


def _by(request: HttpRequest, place: Place) -> dict[str, Any]:
    """Who does it, and the place's present."""
    return {"by": viewer_of(request.user, place).name, "now": place.now(timezone.now())}


class UnitForm(forms.ModelForm):
    """A unit; what the tree of units demands is said at its box."""

    def clean(self) -> dict[str, Any]:
        """The unit above is of the same place, and does not itself stand below this one."""
        found = super().clean() or {}
        place, parent = found.get("place") or self.instance.place, found.get("parent")
        if parent is not None and parent.place_id != place.pk:
            self.add_error("parent", _("This unit belongs to another place."))
        elif parent is not None and parent.pk in descendants(place).get(self.instance.pk, ()):
            self.add_error("parent", _("The unit would stand below itself."))
        return found


@admin.register(Unit)
class UnitAdmin(Guarded):
    """Units of the administrator's places. None is deleted: one that is no more is closed."""

    form = UnitForm
    actions = ("close", "reopen")
    fields = ("place", "key", "name_zh", "name_en", "parent", "kind", "tags")
    list_display = ("key", "name_zh", "name_en", "kind", "parent", "active")
    list_filter = ("place", "kind", "active")
    list_select_related = ("parent",)
    search_fields = ("key", "name_zh", "name_en")
    autocomplete_fields = ("parent",)

    def get_readonly_fields(self, _request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("place", "key") if obj else ()

    def save_model(self, request: HttpRequest, obj: Unit, _form: Any, _change: bool) -> None:
        draft = actions.UnitDraft(
            obj.key,
            obj.name_zh,
            obj.name_en,
            obj.parent.key if obj.parent else "",
            obj.kind,
            tuple(obj.tags or ()),
        )
        actions.put_units(place=obj.place, drafts=[draft], **_by(request, obj.place))
        obj.pk = Unit.objects.get(place=obj.place, key=obj.key).pk

    @admin.action(description=_("Close the chosen units"))
    def close(self, request: HttpRequest, rows: Any) -> None:
        """Each by its own act."""
        self._set_active(request, rows, active=False)

    @admin.action(description=_("Reopen the chosen units"))
    def reopen(self, request: HttpRequest, rows: Any) -> None:
        """Each by its own act."""
        self._set_active(request, rows, active=True)

    def _set_active(self, request: HttpRequest, rows: Any, *, active: bool) -> None:
        for unit in rows.select_related("place"):
            actions.set_active(unit=unit, active=active, **_by(request, unit.place))


class PostForm(forms.ModelForm):
    """A post for someone by user name; with a password where the account is new."""

    username = forms.CharField(label=_("user name"), max_length=150)
    full_name = forms.CharField(label=_("full name"), max_length=100, required=False)
    password = forms.CharField(
        label=_("password of a new account"), required=False, widget=forms.PasswordInput(render_value=False)
    )

    class Meta:
        model = Post
        fields = ("place", "role", "unit")

    def clean(self) -> dict[str, Any]:
        """What the table of posts demands, said before the database does."""
        found = super().clean() or {}
        place, unit = found.get("place"), found.get("unit")
        if found.get("role") == Role.CLERK and unit is None:
            self.add_error("unit", _("A clerk's post needs a unit."))
        if unit is not None and place is not None and unit.place_id != place.pk:
            self.add_error("unit", _("This unit belongs to another place."))
        username = found.get("username", "")
        if not Account.objects.filter(username=username).exists() and not found.get("password"):
            self.add_error("password", _("A new account needs a password."))
        same = {"place": place, "unit": unit, "role": found.get("role"), "account__username": username}
        if Post.objects.filter(**same).exists():
            self.add_error("username", _("They hold this post already."))
        return found


@admin.register(Post)
class PostAdmin(Guarded):
    """Posts: given and taken, never changed."""

    form = PostForm
    fields = ("place", "role", "unit", "username", "full_name", "password")
    list_display = ("account", "role", "unit", "place")
    list_filter = ("place", "role")
    list_select_related = ("account", "unit", "place")
    search_fields = ("account__username", "account__full_name", "unit__name_zh", "unit__name_en")
    autocomplete_fields = ("unit",)
    actions = ("take",)

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def get_fields(self, _request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("account", "role", "unit", "place") if obj else self.fields

    def save_model(self, request: HttpRequest, obj: Post, form: Any, _change: bool) -> None:
        given = form.cleaned_data
        saved = actions.appoint(
            place=obj.place,
            username=given["username"],
            role=obj.role,
            unit=obj.unit,
            full_name=given["full_name"],
            password=given["password"] or None,
            **_by(request, obj.place),
        )
        obj.pk, obj.account = saved.pk, saved.account

    @admin.action(description=_("Take the chosen posts away"))
    def take(self, request: HttpRequest, rows: Any) -> None:
        """Each by its own act."""
        for post in rows.select_related("place", "unit", "account"):
            actions.dismiss(post=post, **_by(request, post.place))


@admin.register(Account)
class AccountAdmin(Guarded):
    """Accounts as they are; what one may do comes from posts."""

    place_path = "posts__place"
    fields = ("username", "full_name", "is_active", "last_login", "password_link")
    list_display = ("username", "full_name", "is_active", "last_login")
    search_fields = ("username", "full_name")

    @admin.display(description=_("password"))
    def password_link(self, account: Account) -> str:
        """Where a new password is given."""
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:people_account_password", args=[account.pk]),
            _("Set a new password"),
        )

    def get_readonly_fields(self, _request: HttpRequest, _obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def get_urls(self) -> list[Any]:
        own = path(
            "<int:number>/password/",
            self.admin_site.admin_view(self.password),
            name="people_account_password",
        )
        return [own, *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    def password(self, request: HttpRequest, number: int) -> HttpResponse:
        """Give someone a new password: someone all of whose posts are in the administrator's own places.

        Otherwise the administrator of one place could enter another as that person.
        """
        mine = _administers(request)
        account = self.get_queryset(request).filter(pk=number).first()
        if account is None:
            raise Http404(_("There is no such account."))
        if account.posts.exclude(place__in=mine).exists():
            raise PermissionDenied(_("They hold a post in a place that is not yours."))
        form = SetPasswordForm(account, request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            actions.set_password(
                account=account,
                password=form.cleaned_data["new_password1"],
                by=f"account:{request.user.get_username()}",
                now=timezone.now(),
            )
            messages.success(request, _("The password is changed."))
            return redirect("admin:people_account_change", number)
        context = {**self.admin_site.each_context(request), "form": form, "title": account, "opts": self.opts}
        return TemplateResponse(request, "people/admin_password.html", context)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """What is not shown cannot be asked for either: else a password's hash is read letter by letter."""
        shown = lookup.partition("__")[0] in self.list_display
        return shown and bool(super().lookup_allowed(lookup, value, request))

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False
