"""Weighs."""
import pytest
from tests.pages.test_report import ONE
@pytest.fixture(autouse=True)
def rules(monkeypatch): monkeypatch.setattr("tests.pages.place.RULES", ONE)

import gzip, time
from io import BytesIO
def test_weigh(shan, at_door):
    from django.test import Client
    from tests.apps.test_case_ledger import HEAD, book
    for url in ("/shan/problem", "/shan/problem?lang=zh"):
        a=Client().get(url); print(url, len(a.content), len(gzip.compress(a.content)))
    office=at_door("office")
    f=BytesIO(book(HEAD, *((n, f"lamp {n}", "North", "北局","", "","") for n in range(500)))); f.name="a.xlsx"
    t=time.perf_counter(); page=office.post("/shan/office/import", {"do":"look","kind":"finding","file":f}); print("look", time.perf_counter()-t, len(page.content), page.context["count"])
    t=time.perf_counter(); a=office.post("/shan/office/import", {"do":"take","rows":page.context["rows"]}); print("take", time.perf_counter()-t, a.status_code)
    from leitai.apps.casework.models import Case
    print(Case.objects.count())
