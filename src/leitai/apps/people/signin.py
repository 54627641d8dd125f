"""Signing in, with a brake on guessing: after some wrong tries a name has to wait.

Tries are counted in each process' memory by name and by name and address; several processes allow a few more
tries in all, and a restart forgets them. Nothing about a wrong try is written to the database.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WAIT = 15 * 60  # seconds
FROM_ONE_ADDRESS = 8
FROM_ANYWHERE = 60


class SignInForm(AuthenticationForm):
    """Django's form, refusing to look at the password of a name that was tried too often."""

    def clean(self) -> dict[str, Any]:
        """Count wrong tries; raises ValidationError for a wrong or a braked one."""
        name = str(self.cleaned_data.get("username", "")).casefold()[:150]
        address = self.request.META.get("REMOTE_ADDR", "") if self.request is not None else ""
        limits = {f"signin:{name}:{address}": FROM_ONE_ADDRESS, f"signin:{name}": FROM_ANYWHERE}
        if any(cache.get(key, 0) >= limit for key, limit in limits.items()):
            raise ValidationError(_("Too many wrong tries: wait a quarter of an hour."), code="braked")
        try:
            cleaned = super().clean()
        except ValidationError:
            for key in limits:
                cache.add(key, 0, WAIT)
                cache.incr(key)
            raise
        cache.delete_many(limits)
        return cleaned
