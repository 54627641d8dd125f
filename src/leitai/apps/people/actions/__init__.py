"""Writing people and units."""

from .accounts import (
    SCOPES,
    UnitDraft,
    add_api_key,
    add_enterprise,
    add_place,
    appoint,
    dismiss,
    put_units,
    renew_link,
    revoke_api_key,
    set_active,
    set_password,
)
from .officials import OfficialDraft, put_officials

__all__ = [
    "SCOPES",
    "OfficialDraft",
    "UnitDraft",
    "add_api_key",
    "add_enterprise",
    "add_place",
    "appoint",
    "dismiss",
    "put_officials",
    "put_units",
    "renew_link",
    "revoke_api_key",
    "set_active",
    "set_password",
]
