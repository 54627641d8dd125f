"""Addresses of GeoReport v2; the format is the extension."""

from django.urls import re_path

from . import reading, services
from .answers import door, nowhere
from .posting import post

_FORM = r"\.(?P<form>json|xml)$"

urlpatterns = [
    re_path(rf"^(?:v2/)?discovery{_FORM}", door(GET=services.discovery), name="open311-discovery"),
    re_path(rf"^v2/services{_FORM}", door(GET=services.services), name="open311-services"),
    re_path(rf"^v2/services/(?P<code>[^/]+){_FORM}", door(GET=services.definition), name="open311-service"),
    re_path(rf"^v2/requests{_FORM}", door(GET=reading.requests, POST=post), name="open311-requests"),
    re_path(rf"^v2/requests/(?P<number>[^/]+){_FORM}", door(GET=reading.request), name="open311-request"),
    re_path(rf"^v2/tokens/(?P<code>[^/]+){_FORM}", door(GET=reading.token), name="open311-token"),
    re_path("", nowhere, name="open311-nowhere"),
]
