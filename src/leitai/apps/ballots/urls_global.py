"""Addresses that citizens scan and type: short, and the same for all places."""

from django.urls import path

from . import citizen

app_name = "citizen"
urlpatterns = [
    path("b/<str:code>", citizen.verdict, name="verdict"),
    path("r/", citizen.receipt, name="receipts"),
    path("r/check", citizen.check, name="check"),
    path("r/<str:receipt>", citizen.receipt, name="receipt"),
    path("r/<str:receipt>/proof", citizen.proof, name="proof"),
    path("r/<str:receipt>/proof.json", citizen.proof_file, name="proof-file"),
]
