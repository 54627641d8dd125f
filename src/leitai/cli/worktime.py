"""`leitai worktime`: look at a country's working days, and compute a due time with its time sheet.

Anyone who doubts a deadline can check it here, without a server and without the records.
"""

from __future__ import annotations

import json
import os
import re
from datetime import date, datetime, timedelta
from typing import Annotated, NoReturn

import typer

from leitai.rules.kernel import Text, nearest
from leitai.rules.worktime import (
    COUNTRIES,
    Calendar,
    CalendarError,
    NotAnnounced,
    WorktimeError,
    announced_years,
    due,
    explain,
    office,
    parse_within,
)

app = typer.Typer(no_args_is_help=True, help="Working days, and when a promise falls due.")

# Where a country is named instead of a place: its zone, for trying things out with ordinary office windows.
_ZONES = {"CN": "Asia/Shanghai"}

Language = Annotated[str, typer.Option("--lang", help="en or zh; without it what LANG says.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def days(
    year: Annotated[int, typer.Option(help="The year.")],
    country: Annotated[str, typer.Option(help="Whose official notices: CN.")] = "CN",
    as_json: AsJson = False,
    lang: Language = "",
) -> None:
    """List every day of a year: working or not, and why."""
    language, country = _language(lang), _country(country)
    first, last = announced_years(country)
    if not first <= year <= last:
        fault = NotAnnounced(country, year, first, last)
        if as_json:
            typer.echo(json.dumps({"error": str(fault), "announced": [first, last]}, ensure_ascii=False))
        _stop(f"--year {year}: {fault}.")
    calendar = office("office", _ZONES[country], holidays=country)
    length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    found = [calendar.day(date(year, 1, 1) + timedelta(days=n)) for n in range(length)]
    if as_json:
        rows = [
            {"date": str(one.date), "working": one.working, "reason": one.reason.show(language)}
            for one in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    names = {True: "上班", False: "休息"} if language == "zh" else {True: "working", False: "off"}
    for one in found:
        typer.echo(f"{one.date}  {names[one.working]:<8}{one.reason.show(language)}")


@app.command("due")
def due_(
    start: Annotated[str, typer.Option("--from", help="The event: 2026-09-30T16:50+08:00, or place time.")],
    within: Annotated[str, typer.Option(help='How long: "10 minutes", "3 workdays", "5 days".')],
    calendar: Annotated[str, typer.Option(help="A calendar of the place.")] = "office",
    place: Annotated[str, typer.Option(help="A place: the name of its folder, or a path.")] = "",
    country: Annotated[
        str, typer.Option(help="Instead of a place: ordinary office windows of a country.")
    ] = "",
    windows: Annotated[
        str, typer.Option(help='Office hours of your own, Monday to Friday: "08:30-12:00 13:30-17:30".')
    ] = "",
    saturday: Annotated[str, typer.Option(help='With --windows, the duty on Saturday: "09:00-12:00".')] = "",
    show: Annotated[bool, typer.Option("--explain", help="Print the time sheet.")] = False,
    as_json: AsJson = False,
    lang: Language = "",
) -> None:
    """Say when a promise falls due, with its time sheet."""
    language = _language(lang)
    days = _own(windows, saturday, calendar, place, country) or _calendar(calendar, place, country)
    at = _instant(start, days)
    try:
        length = parse_within(within)
    except WorktimeError as fault:
        _stop(f"--within: {fault}.")
    try:
        found, lines = due(at, length, days), explain(at, length, days)
    except WorktimeError as fault:
        _stop(f"--calendar {calendar}: {fault}.")
    local = found.local(days)
    if as_json:
        answer = {
            "due": local.isoformat(),
            "provisional": found.provisional,
            "calendar": found.calendar_version,
            "lines": [
                {
                    "date": str(one.date),
                    "text": one.text(language),
                    "charged": one.charged,
                    "total": one.total,
                }
                for one in lines
            ],
        }
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    for one in lines if show else ():
        typer.echo(one.text(language))
    typer.echo(local.isoformat())
    if found.provisional and not show:
        typer.echo(_PROVISIONAL.show(language), err=True)


_PROVISIONAL = Text(
    zh="暂定：所涉年份的放假安排尚未公布。",
    en="Provisional: it rests on days whose public holidays are not announced yet.",
)


def _own(windows: str, saturday: str, key: str, place: str, country: str) -> Calendar | None:
    """The calendar of office hours that were typed, with a country's official days off; None where none were."""
    if not windows:
        if saturday:
            _stop("--saturday goes with --windows: say the hours of Monday to Friday too.")
        return None
    if place or key != "office":
        _stop("--windows are hours of your own: leave --place and --calendar out.")
    code = _country(country or COUNTRIES[0])
    try:
        return office(
            "office", _ZONES[code], _parts(windows), days={"saturday": _parts(saturday)}, holidays=code
        )
    except CalendarError as fault:
        _stop(f"--windows {windows}{f' --saturday {saturday}' if saturday else ''}: {fault}.")


def _parts(text: str) -> list[str]:
    joined = re.sub(r"\s*([-–—~至])\s*", r"\1", text)
    return [part for part in re.split(r"[\s,，;；、]+", joined) if part]


def _calendar(key: str, place: str, country: str) -> Calendar:
    if bool(place) == bool(country):
        _stop(
            "Give either --place (a place and its calendars) or --country CN (ordinary office windows), "
            'or office hours of your own: --windows "08:30-12:00 13:30-17:30".'
        )
    if country:
        if key != "office":
            _stop(f"--calendar {key}: a country has only the calendar office; for others name a --place.")
        code = _country(country)
        return office("office", _ZONES[code], holidays=code)
    # Late: reading rule-books brings in far more than this needs.
    from leitai.cli.places import load_calendar

    try:
        return load_calendar(place, key)
    except LookupError as fault:
        _stop(str(fault.args[0]) if fault.args else str(fault))
    except CalendarError as fault:
        _stop(f"--calendar {key}: {fault}.")


def _country(code: str) -> str:
    if code.upper() not in COUNTRIES:
        right = nearest(code.upper(), COUNTRIES) or ", ".join(COUNTRIES)
        _stop(f"--country {code}: no official notices are known for it; write {right}.")
    return code.upper()


def _instant(text: str, calendar: Calendar) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        _stop(f"--from {text}: not a date and time; write 2026-09-30T16:50 or 2026-09-30T16:50+08:00.")
    return found if found.tzinfo else found.replace(tzinfo=calendar.zone)


def _language(asked: str) -> str:
    if asked and asked[:2].lower() not in {"zh", "en"}:
        _stop(f"--lang {asked}: write zh or en.")
    wanted = asked or os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    return "zh" if wanted.lower().startswith("zh") else "en"


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
