"""`leitai simulate`: weeks of a small place by the real actions and the drive, the same twice, in a database apart."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from typer.testing import CliRunner

from leitai.cli import complete
from leitai.cli import simulate as command
from leitai.demo.script import DemoError
from leitai.demo.year import Asked, Simulated, simulate
from leitai.demo.year.chance import Chance

UNITS = """\
key,name_zh,name_en,parent,kind,tags
office,督查室,Office,,office,
roads,公路局,Roads,,bureau,coded
water,水务局,Water,,bureau,coded
parks,园林局,Parks,,bureau,coded
works,工务局,Works,,bureau,coded
"""
BOOK = """\
leitai: 1
place: {key: fair, name: {zh: 样例县, en: Fair}, timezone: Asia/Shanghai, language: en, office: office}
regime: {title: {zh: 规则, en: Rules}, in_force: 2022-01-01, source: made up}
calendars:
  office: {holidays: CN, windows: ["08:30-12:00", "13:30-17:30"]}
kinds: {office: {en: Office}, bureau: {en: Bureau}}
groups:
  bureaus: {name: {en: Bureaus}, units: {kind: bureau}, expect: 4}
ballots: {grades: two, minimum: 5}
measures:
  tasks:
    name: {en: Tasks done}
    better: more
    from: reported
    points: {by: target, cap: 120}
    source: made up
arenas:
  contest: {name: {en: Tasks}, every: month, groups: [bureaus], weigh: {tasks: 100}, worst: {take: 1, certain: false}}
cases:
  hole:
    name: {en: Hole}
    flow: problem
    doors: [public, office]
    photos: before-after
    clocks:
      settle:
        name: {en: Settle}
        from: opened
        until: answered
        within: 3 workdays
        on: office
        slips: [{slip: red, at: due, to: head}]
    source: made up
  bad-verdict:
    name: {en: Bad verdict}
    flow: verdict
    doors: []
    clocks:
      call: {name: {en: Call}, until: called, within: 1 workday, on: office}
      rectify: {name: {en: Put right}, from: called, until: answered, within: 5 workdays, on: office}
cadence:
  dispatch:
    name: {en: Dispatch}
    every: week
    day: monday
    at: "09:00"
    on: office
    minutes: 30
    comes: {kind: bureau}
    opens: 1 workday
    ready: {list: {name: {en: The list}, by: 2 working hours}}
    agenda: [commitments, cases, words]
    decides: {en: What must move}
  showing:
    name: {en: Showing}
    every: month
    day: 8
    on: office
    minutes: 60
    comes: {kind: bureau}
    opens: 2 workdays
    reads: [contest]
    agenda: [commitments, standings, words]
    decides: {en: What must move}
merits:
  notice:
    name: {en: Notice}
    tone: notice
    number: Article 1
    reply: 2 workdays
    appeal: 5 workdays
    on: office
    lasts: 3 months
rules:
  - {on: ballot.bad, do: open case bad-verdict, source: made up}
  - {on: table.published, if: unit.named_worst, do: propose notice for unit, source: made up}
  - {on: slip.issued, do: propose notice for head, source: made up}
"""
SCRIPT = """\
leitai: 1
name: {en: A year}
sample: true
period: {first: 2022-01, last: 2022-12}
today: 2022-12-30T10:00
accounts:
  - {login: office, name: {en: Office}, role: office}
  - {login: clerk, name: {en: Clerk}, role: clerk, unit: roads}
  - {login: leader, name: {en: Leader}, role: leader}
  - {login: inspector, name: {en: Inspector}, role: inspector}
  - {login: patrol, name: {en: Patrol}, role: patrol}
  - {login: admin, name: {en: Administrator}, role: admin}
seeded:
  seed: 7
  readings: {from: 2022-01, to: 2022-12}
  cases: {hole: 150}
  ballots:
    total: 600
    from: 2022-01
    to: 2022-12
    bad_share: {first_month: 0.2, last_month: 0.1}
    worst: 1
    worst_ballots: 60
    worst_bad_share: 0.6
"""
WEEKS = 7
CLOCK = datetime(2026, 5, 6, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(scope="module")
def fair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a place of four bureaus."""
    folder = tmp_path_factory.mktemp("regimes") / "fair"
    folder.mkdir()
    for name, text in (("regime.yaml", BOOK), ("units.csv", UNITS), ("demo.yaml", SCRIPT)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def play(fair: Path, seed: int, weeks: int = WEEKS) -> Simulated:
    """The first weeks of the year."""
    asked = Asked(fair, 2022, seed, weeks=weeks)
    return simulate(asked, clock=CLOCK, tell=lambda _line: None, step=lambda *_: None)


@pytest.mark.django_db(transaction=True, reset_sequences=True)
def test_the_same_seed_gives_the_same_ledger_and_what_the_calendar_says(fair: Path) -> None:
    first = play(fair, 1)
    counts = {one.what: (one.expected, one.counted) for one in first.counts}
    # One dispatch a week, the week of the Spring Festival among them; a showing on 8 January and on 8 February.
    assert counts["held: Dispatch"] == (WEEKS, WEEKS)
    assert counts["held: Showing"] == (2, 2)
    assert counts["tables: Tasks"] == (1, 1) and counts["units in it, in 1 groups"] == (4, 4)
    assert first.right and first.whole, (first.counts, first.tallies)
    found = {one.what: one.counted for one in first.tallies}
    some = {
        "case.opened",
        "case.closed",
        "reading.reported",
        "ballot.bad",
        "ballot.upheld",
        "preparation.done",
    }
    some |= {"commitment.made", "commitment.tested", "merit.proposed", "merit.decided"}
    assert {kind for kind in some if not found[kind]} == set()
    # The place lives on the last day ever after.
    assert first.place.now(CLOCK) == first.end
    head, events = first.head, first.events
    call_command("flush", interactive=False, verbosity=0)
    again = play(fair, 1)
    assert (again.head, again.events) == (head, events)


@pytest.mark.django_db(transaction=True, reset_sequences=True)
def test_another_seed_is_another_year(fair: Path) -> None:
    head = play(fair, 1, 2).head
    call_command("flush", interactive=False, verbosity=0)
    assert play(fair, 2, 2).head != head


@pytest.mark.django_db
def test_a_year_before_the_rule_book_is_not_played(fair: Path) -> None:
    with pytest.raises(DemoError, match="in force from 2022-01-01"):
        simulate(Asked(fair, 2021, 1), clock=CLOCK, tell=lambda _line: None, step=lambda *_: None)


def test_what_chance_says_hangs_on_the_seed_and_the_name_alone() -> None:
    one = Chance(1)
    assert one.share("call", "ballot:3") == Chance(1).share("call", "ballot:3")
    assert (
        one.share("call", "ballot:3") != one.share("call", "ballot:4") != Chance(2).share("call", "ballot:4")
    )
    assert one.bytes_of("salt", 1)(16) == Chance(1).bytes_of("salt", 1)(16)


def test_a_year_has_keys_of_its_own_and_never_the_database_that_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEITAI_DATABASE_URL", "postgresql://somebody@example.org/real")
    monkeypatch.setenv("LEITAI_DATA_KEY", "the key of a real house")
    monkeypatch.setenv("LEITAI_VAR", "/var/lib/leitai")
    keys = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        (tmp_path / name).mkdir()
        command._own(tmp_path / name, "regimes/fair", seed)
        assert os.environ["LEITAI_VAR"] == str(tmp_path / name)
        assert not {"LEITAI_DATABASE_URL", "LEITAI_DATA_KEY"} & os.environ.keys()
        key = tmp_path / name / "data-key"
        assert key.stat().st_mode & 0o077 == 0
        keys.append(key.read_text())
    assert keys[0] == keys[1] != keys[2]
    # Log-ins are signed with a key that is drawn when the settings are read.
    assert not (tmp_path / "a" / "secret-key").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "leitai.sqlite3").write_text("mine")
    asked = ["simulate", "--place", "linqu", "--year", "2022", "--out", str(tmp_path)]
    found = CliRunner().invoke(complete(), asked)
    assert found.exit_code == 2 and "there is something in it already" in found.output
    assert [one.name for one in tmp_path.iterdir()] == ["leitai.sqlite3"]
