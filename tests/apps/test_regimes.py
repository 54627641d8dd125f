"""Rule-books: what is wrong is refused, a day is judged by what was in force on it, and texts are kept as they were."""

from __future__ import annotations

from datetime import date

import pytest

from leitai.apps.ledger.actions import UNCHANGED
from leitai.apps.people.actions import add_place
from leitai.apps.regimes import actions, queries
from leitai.apps.regimes.models import Version
from leitai.rules.kernel import Severity
from leitai.rules.regime.check import check_text
from tests.factories import BY, DAY, NOW, Town, refused, text

TENTH = date(2024, 4, 10)


def changed(old: str, new: str, in_force: str = "2024-01-01") -> str:
    book = text()
    assert old in book
    return book.replace(old, new).replace("in_force: 2024-01-01", f"in_force: {in_force}")


def load(town: Town, book: str) -> object:
    return actions.load(place=town.place, text=book, by=BY, now=NOW)


def test_the_text_is_kept_as_it_was(town: Town) -> None:
    assert queries.version_on(town.place, TENTH).text == text()


def test_the_same_text_twice_changes_nothing(town: Town) -> None:
    before = town.kinds()
    assert load(town, text()) is UNCHANGED
    assert town.kinds() == before
    assert Version.objects.filter(place=town.place).count() == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("weigh: {funds: 100}", "weigh: {funds: 90}"),
        ("do: propose blame for head", "do: propose shame for head"),
        ("flow: question", "flow: questions"),
    ],
)
def test_a_book_with_an_error_is_refused(town: Town, old: str, new: str) -> None:
    (first, *_) = [one for one in check_text(changed(old, new)).findings if one.severity is Severity.ERROR]
    with refused(first.code):
        load(town, changed(old, new))
    assert queries.version_on(town.place, TENTH).text == text()


def test_another_places_book_is_refused(town: Town) -> None:
    with refused("other-place"):
        load(town, text("vale"))


def test_a_day_is_judged_by_the_book_in_force_on_it(town: Town) -> None:
    load(town, changed("within: 10 minutes", "within: 30 minutes", "2024-07-01"))

    def within(day: date) -> str:
        return queries.regime_on(town.place, day).cases["question"].clocks["reply"].within

    assert within(date(2024, 6, 30)) == "10 minutes"
    assert within(date(2024, 7, 1)) == "30 minutes"
    assert within(date(2023, 1, 1)) == "10 minutes", "before the first book, the first"


def test_of_two_books_of_one_day_the_later_loaded_counts(town: Town) -> None:
    load(town, changed("within: 10 minutes", "within: 20 minutes"))
    assert queries.regime_on(town.place, TENTH).cases["question"].clocks["reply"].within == "20 minutes"
    assert [row.text for row in queries.versions(town.place)][-1] == text()


def test_a_case_keeps_the_book_of_its_day(town: Town) -> None:
    case = town.case("question")
    load(town, changed("  question:\n", "  enquiry:\n", "2024-04-11").replace('"question"', '"enquiry"'))
    moved = town.move(
        case, "reply", "unit", NOW + DAY, owner="Li Hua", next_step="Send a crew", time="2024-04-12"
    )
    assert moved.state == "replied"


def test_a_place_without_a_book_says_so(db: None) -> None:
    bare = add_place(key="bare", name_zh="", name_en="Bare", timezone="UTC", by=BY, now=NOW)
    with pytest.raises(queries.NoRegime):
        queries.regime_on(bare, TENTH)


def test_calendars_are_the_books_own(town: Town) -> None:
    calendars = queries.calendars(queries.regime_on(town.place, TENTH))
    office = calendars["office"]
    assert office.day(TENTH).working
    assert not office.day(date(2024, 4, 4)).working, "Qingming"
    assert office.day(date(2024, 4, 7)).working, "the Sunday that makes up for it"
    with pytest.raises(KeyError):
        calendars["hall"]
    assert set(calendars) == {"office", "always"}


def test_a_book_of_one_place_says_nothing_of_another(town: Town, vale: Town) -> None:
    load(town, changed("within: 10 minutes", "within: 20 minutes"))
    assert queries.regime_on(vale.place, TENTH).cases["question"].clocks["reply"].within == "10 minutes"
    assert {row.place_id for row in queries.versions(vale.place)} == {vale.place.pk}
