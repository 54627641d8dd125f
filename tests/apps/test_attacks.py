"""What somebody with ill will tries against the rooms themselves: the log's tail cut, figures nobody asked for."""

from __future__ import annotations

import io
import traceback
from decimal import Decimal
from datetime import timedelta
import pytest

from leitai.rules.kernel import Period
from tests.factories import BY, DAY, HOUR, NOW, Town, refused, text


def test_x_publish_old(town: Town) -> None:
    from leitai.apps.tables import actions
    town.reports("2024-03", {"water": 5, "roads": 7, "tax": 9})
    a = town.table("works", "2024-03", published=False)
    b = town.table("works", "2024-03", why="x")
    actions.publish(table=a, by="account:leader", now=NOW + DAY)
    town.drive(NOW + 2*DAY)
    print(town.kinds())
    from leitai.apps.merits.models import Proposal
    print([(p.unit.key, p.merit, p.evidence) for p in Proposal.objects.all()])

def test_x_report(town: Town) -> None:
    from leitai.apps.measures import actions
    w = town.units["water"]
    for m, p, v, t in (("good-verdicts", "2024-03", "1", None), ("funds", "2024", "1", "0.0001"), ("funds", "2024-04", "1e-30", None), ("funds","2024-03","0.123456789123456789",None)):
        try: print(m, p, actions.report(unit=w, measure=m, period=Period.parse(p), value=Decimal(v), target=Decimal(t) if t else None, by=BY, now=NOW))
        except Exception as e: print(m, p, type(e), str(e)[:100])

def test_x_poison(town: Town) -> None:
    c = town.case("question", title="a\x0bb\x00=cmd")
    town.drive(NOW + DAY)
    from leitai.apps.regimes import actions
    for t in (text().replace("2024-01-01", "2023-01-01").replace("  finding:", "  finding2:"), text().replace("2024-01-01", "2024-02-01").replace("  question:", "  question2:").replace('case.kind == "question"','case.kind == "question2"')):
        try: print(actions.load(place=town.place, text=t, by=BY, now=NOW))
        except Exception as e: print(type(e), e)
    town.place.__dict__.pop("_regimes_shelf", None)
    from leitai.apps.casework import queries
    for f in (lambda: queries.desk(town.viewer("office"), town.place, NOW), lambda: queries.office(town.place, NOW), lambda: town.drive(NOW + 3*DAY), lambda: town.move(c, "reply", "unit", NOW+DAY, owner="Li Hua", next_step="Call the water works now", time="2024-05-01 10:00")):
        try: print(f())
        except Exception as e: traceback.print_exc(limit=-3)

def test_x_same_person(town: Town) -> None:
    from leitai.apps.people import actions, queries
    from leitai.apps.people.models import Account
    actions.appoint(place=town.place, username="clerk-town", role="office", by=BY, now=NOW)
    p = actions.appoint(place=town.place, username="clerk-town", role="administrator", by=BY, now=NOW)
    print("staff", Account.objects.get(username="clerk-town").is_staff)

def test_x_dup_unit_names(town: Town) -> None:
    from leitai.apps.people import actions
    actions.put_units(place=town.place, drafts=[actions.UnitDraft("=x", "=cmd|'/c calc'!A1", "bad\x0b name", kind="bureau")], by=BY, now=NOW)
    town.reports("2024-03", {"water": 5, "roads": 7, "tax": 9, "=x": 3} if "=x" in town.units else {"water": 5, "roads": 7, "tax": 9})
    t = town.table("works", "2024-03")
    town.drive(NOW+DAY)
    print([k for k in town.kinds() if "rule" in k or "bulletin" in k])
    from django.test import Client
    for u in (f"/town/t/{t.pk}.xlsx", f"/town/t/{t.pk}", "/town/units", f"/town/t/{t.pk}.json"):
        try: print(u, Client().get(u).status_code)
        except Exception as e: print(u, type(e), e)
    cl = Client(); cl.login(username="office-town", password="pass")
    town.case("finding", None, title="a\x0bb")
    for u in ("/town/office", "/town/office.xlsx?queue=undispatched", "/town/desk"):
        try: print(u, cl.get(u).status_code)
        except Exception as e: print(u, type(e), e)

def test_x_freeze(town: Town) -> None:
    from django.test import Client
    cl = Client(); cl.login(username="office-town", password="pass")
    for p in ("2030-01", "9999-12", "0001-01", "2024-04", "2024-13", "x"*5000):
        try: r = cl.post("/town/t/freeze", {"arena": "works", "period": p}); print(p[:10], r.status_code)
        except Exception as e: print(p[:10], type(e), e)
    cl.login(username="clerk-town", password="pass")
    for v in ("1e16", "1e400", "1e-400", "NaN", "0." + "1"*500, "1"*5000, "１２", "-1e16", "12%"):
        try: r = cl.post("/town/report", {"unit": "water", "measure": "funds", "period": "2024-03", "value": v, "target": "1e-400"}); print(v[:12], r.status_code)
        except Exception as e: print(v[:12], type(e), e)
    for d in ({"measure": "good-verdicts", "period": "2024-03"}, {"measure":"funds","period":"2024"}, {"measure":"funds","period":"9999-12"}, {"measure":"funds","period":"0001-01"}):
        try: r = cl.post("/town/report", {"unit": "water", "value": "3", **d}); print(d, r.status_code, r.headers.get("location"))
        except Exception as e: print(d, type(e), e)
