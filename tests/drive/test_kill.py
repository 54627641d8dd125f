"""The drive is killed again and again at instants drawn from a seed, and nothing is lost or done twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from leitai.apps.ballots import actions as ballots
from leitai.apps.ballots.models import CallBack
from leitai.apps.casework import actions as casework
from leitai.apps.casework.models import Case, Clock, Slip
from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.models import Event
from leitai.apps.merits.models import Proposal
from leitai.drive.models import Cursor, Firing
from tests.factories import BY, DAY, HOUR, MINUTE, NOW, Town, build

VICTIM = Path(__file__).with_name("victim.py")
ROUNDS, EACH, FIRST = 20, 10, 60  # bad verdicts: a backlog, and more before every kill; as many clocks due


def backlog(town: Town, round_: int, count: int) -> None:
    """So many bad verdicts, so many clocks that ran out, of errands and of questions; and one up a whole ladder."""
    drafts = [
        ballots.BallotDraft(
            town.units["tax-window"],
            "dissatisfied",
            f"kill-{round_:02d}-{n:06d}",
            cast_at=NOW - 3 * HOUR,
        )
        for n in range(count)
    ]
    ballots.cast_many(place=town.place, drafts=drafts, by="anyone", now=NOW)
    due = NOW - DAY
    records = [
        casework.CaseRecord(f"{round_}-{n}", town.units["water"].pk, "Errand", due - DAY, due - n * MINUTE)
        for n in range(count - 3)
    ]
    casework.import_cases(place=town.place, kind="errand", source="old", records=records, by=BY, now=NOW)
    for n in range(3):
        town.case("question", at=NOW - HOUR, title=f"{round_}/{n}")
    hole = town.case("hole", None, at=NOW - 9 * DAY, title=f"hole {round_}")
    town.move(hole, "dispatch", "office", NOW - 9 * DAY, unit="water")


def left(town: Town) -> int:
    """Events not yet handled, and clocks due that were not yet told of."""
    cursor = Cursor.objects.filter(place=town.place).first()
    seq = cursor.seq if cursor else 0
    rows = Event.objects.filter(place=town.place)
    due = Clock.objects.filter(case__place=town.place, next_at__lt=NOW).count()
    return rows.filter(seq__isnull=True).count() + rows.filter(seq__gt=seq).count() + due


def start(command: list[Any], environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(word) for word in command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def killed_inside(statement: int, environment: dict[str, str]) -> None:
    """The worker dies before a statement of its own, in whatever transaction it is."""
    process = start([sys.executable, VICTIM, statement], environment)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL


def killed_outside(seconds: float, environment: dict[str, str]) -> None:
    """The worker dies so long after it began, at a statement, a commit or in between."""
    process = start([sys.executable, VICTIM, 0], environment)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=seconds)
    process.kill()
    process.communicate(timeout=60)


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_instant_it_loses_nothing_and_doubles_nothing(
    leitai_environment: dict[str, str], leitai_command: Path
) -> None:
    town = build()
    # The worker reads the real clock; the place lives at NOW.
    town.place.lag = timezone.now() - NOW - timedelta(minutes=1)
    town.place.save()
    environment = {**leitai_environment, "DJANGO_SETTINGS_MODULE": "leitai.config.settings"}
    draw = random.Random(20240410)
    backlog(town, 0, FIRST)
    died_at_work = 0
    for round_ in range(1, ROUNDS + 1):
        backlog(town, round_, EACH)
        if round_ % 3:
            killed_inside(draw.randint(20, 700), environment)
        else:
            killed_outside(draw.uniform(0.02, 0.6), environment)
        died_at_work += left(town) > 0
    assert died_at_work >= ROUNDS // 2, (
        f"only {died_at_work} deaths interrupted something: the test says little"
    )

    backlog(town, ROUNDS + 1, EACH)
    process = start([leitai_command, "worker"], environment)
    while left(town):
        with pytest.raises(subprocess.TimeoutExpired):  # it must not end by itself
            process.wait(timeout=0.1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0

    total = FIRST + (ROUNDS + 1) * EACH
    bad = Event.objects.filter(kind="ballot.bad").values_list("subject", flat=True)
    cases = Counter(Case.objects.filter(kind="bad-verdict").values_list("about", flat=True))
    assert cases == dict.fromkeys(bad, 1) and len(cases) == total
    breaches = Event.objects.filter(kind="clock.breached")
    told = Counter((event.subject, ledger.data(event)["clock.key"]) for event in breaches)
    holes = ROUNDS + 2
    assert len(told) == total + holes and set(told.values()) == {1}
    slips = Slip.objects.order_by("case", "rung").values_list("case", "rung", "colour")
    each = list(enumerate(("blue", "yellow", "red"), 1))
    cases_of_holes = Case.objects.filter(kind="hole").order_by("pk").values_list("pk", flat=True)
    assert list(slips) == [(pk, *rung) for pk in cases_of_holes for rung in each]
    given = Counter(
        (event.subject, ledger.data(event)["slip.rung"]) for event in Event.objects.filter(kind="slip.issued")
    )
    assert len(given) == 3 * holes and set(given.values()) == {1}, "no slip lost, none doubled"
    due = {
        f"case:{row.case.ref}": row.due_at
        for row in Clock.objects.filter(breached_at__isnull=False).select_related("case")
    }
    assert {event.subject: event.at for event in breaches} == due
    questions = Case.objects.filter(kind="question").count()
    assert Proposal.objects.count() == questions == 3 * (ROUNDS + 2)
    assert Firing.objects.exclude(rule="house").count() == total + questions
    assert CallBack.objects.count() == Event.objects.filter(kind="ballot.call_drawn").count() == total
    assert not Event.objects.filter(kind="rule.failed").exists()
    rows = Event.objects.filter(place=town.place)
    assert list(rows.order_by("seq").values_list("seq", flat=True)) == list(range(1, rows.count() + 1))
    assert ledger.verify(town.place).findings == ()
