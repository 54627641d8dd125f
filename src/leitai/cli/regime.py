"""`leitai regime`: check a rule-book, print its schema for editors, say what changed between two editions."""

from __future__ import annotations

import gettext
import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from leitai.rules.kernel import Finding, Severity, Where
from leitai.rules.regime.book import Book, RegimeError
from leitai.rules.regime.check import check_text, in_force
from leitai.rules.regime.diff import Translate, diff
from leitai.rules.regime.model import Regime
from leitai.rules.regime.parse import parse
from leitai.rules.regime.scenarios import read_scenarios
from leitai.rules.regime.schema import json_schema
from leitai.rules.regime.source import read
from leitai.rules.regime.units import Unit, read_units
from leitai.rules.rehearsal import rehearse

from .burden import burden
from .places import REGIME, SCENARIOS, UNITS, PlaceError, place_dir, read_text, regime_files
from .replay import replay

app = typer.Typer(no_args_is_help=True, help="Check, compare and describe rule-books.")
app.command()(replay)
app.command()(burden)

WRONG, UNUSABLE = 1, 2

Day = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day to look at.")]


@app.command()
def check(
    path: Annotated[str, typer.Argument(help="regime.yaml, its folder, or the name of a place.")],
    on: Day = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    scenarios: Annotated[bool, typer.Option(help="Run the worked cases in scenarios/ too.")] = True,
) -> None:
    """Say everything that is wrong with a rule-book, each with line, column and what would be right."""
    try:
        files, folder = _files(path)
        texts = _in_force({str(file): read_text(file) for file in files}, on.date() if on else None)
        units, found = _units(folder)
        regimes = []
        for name, text in texts.items():
            parsed = check_text(text, file=name, on=on.date() if on else None, units=units)
            found += parsed.findings
            regimes.append(parsed.regime)
        count = 0
        if scenarios and all(regimes) and not any(one.severity == Severity.ERROR for one in found):
            count, differing = _rehearse(texts, folder, on.date() if on else None)
            found += differing
    except PlaceError as error:
        raise _unusable(error) from None
    errors = sum(one.severity == Severity.ERROR for one in found)
    if as_json:
        typer.echo(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            typer.echo(str(one))
        regime = regimes[0] if regimes else None
        if errors or regime is None:
            typer.echo(f"{path}: {_many(errors, 'error')}, {_many(len(found) - errors, 'warning')}", err=True)
        else:
            typer.echo(_summary(regime, units, count, len(found)))
    if errors:
        raise typer.Exit(WRONG)


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of the screen.")] = None,
) -> None:
    """Print the JSON Schema of rule-books, for editors that complete and check while one types."""
    text = json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unusable(f"{out} cannot be written: {error.strerror}") from None


@app.command("diff")
def diff_command(
    old: Annotated[str, typer.Argument(help="The older rule-book: a file, a folder, or a place.")],
    new: Annotated[str, typer.Argument(help="The newer one.")],
    lang: Annotated[str, typer.Option(help="zh or en.")] = "en",
    on: Day = None,
) -> None:
    """Say in sentences what changed between two rule-books."""
    try:
        before, after = (_regime(one, on.date() if on else None) for one in (old, new))
    except PlaceError as error:
        raise _unusable(error) from None
    sentences = diff(before, after)
    translate = translator(lang)
    for sentence in sentences:
        typer.echo(sentence.show(lang, translate))
    if not sentences:
        typer.echo(translate("no difference"))


def translator(lang: str) -> Translate:
    """The core's templates in a language, from the package's translations; English where there are none."""
    name = "zh_Hans" if lang.startswith("zh") else "en"
    locale = Path(__file__).resolve().parent.parent / "locale"
    return gettext.translation("django", str(locale), [name], fallback=True).gettext


def _files(path: str) -> tuple[tuple[Path, ...], Path]:
    """The rule-book files that a path or a place's name means, and the folder they lie in."""
    named = Path(path)
    if named.is_file():
        return (named,), named.parent
    if named.is_dir():
        files = regime_files(named)
        if not files:
            raise PlaceError(f"the folder {path} has no {REGIME}")
        return files, named
    if len(named.parts) > 1 or named.suffix:
        raise PlaceError(f"there is no file or folder {path}")
    folder = place_dir(path)
    return regime_files(folder), folder


def _in_force(texts: dict[str, str], on: date | None) -> dict[str, str]:
    """Of several editions the one in force on a day; all of them where no day is asked for."""
    if on is None or len(texts) < 2:
        return texts
    trees = {name: read(text, name)[0] for name, text in texts.items()}
    starts = {
        name: start
        for name, tree in trees.items()
        if tree is not None and (start := in_force(tree)) is not None
    }
    if len(starts) < len(texts):
        return texts
    begun = {name: start for name, start in starts.items() if start <= on}
    if not begun:
        raise PlaceError(f"no rule-book was in force on {on}; the first begins on {min(starts.values())}")
    last = max(begun, key=lambda name: begun[name])
    return {last: texts[last]}


def _units(folder: Path) -> tuple[dict[str, Unit] | None, list[Finding]]:
    file = folder / UNITS
    if not file.is_file():
        return None, []
    units, findings = read_units(read_text(file), file=str(file))
    return units, list(findings)


def _rehearse(texts: dict[str, str], folder: Path, on: date | None) -> tuple[int, list[Finding]]:
    """How many scenarios there are, and where they come out otherwise."""
    try:
        book = Book(texts)
    except RegimeError as error:
        return 0, list(error.findings)
    count, found = 0, list[Finding]()
    for file in sorted((folder / SCENARIOS).glob("*.yaml")):
        scenarios, findings = read_scenarios(read_text(file), file=str(file))
        count += len(scenarios)
        found += findings
        for scenario in scenarios:
            day = scenario.day or on
            try:
                regime = book.latest() if day is None else book.on(day)
            except LookupError as error:
                found.append(Finding("no-edition", "%(why)s", scenario.where("day"), {"why": str(error)}))
                continue
            found += rehearse(regime, scenario)
    return count, found


def _regime(path: str, on: date | None) -> Regime:
    file = _files(path)[0][0]
    parsed = parse(read_text(file), file=str(file), on=on)
    if parsed.regime is None:
        raise PlaceError("\n".join(map(str, parsed.findings)))
    return parsed.regime


def _summary(regime: Regime, units: dict[str, Unit] | None, scenarios: int, warnings: int) -> str:
    parts = [
        _many(len(getattr(regime, name)), word)
        for name, word in (
            ("groups", "group"),
            ("measures", "measure"),
            ("arenas", "arena"),
            ("cases", "kind of case"),
            ("cadence", "occasion"),
            ("merits", "consequence"),
            ("rules", "rule"),
        )
    ]
    if units is not None:
        parts.insert(0, _many(len(units), "unit"))
    if scenarios:
        parts.append(f"{_many(scenarios, 'scenario')} as expected")
    end = f"; {_many(warnings, 'warning')}" if warnings else ""
    return f"{regime.place.key}, in force from {regime.regime.in_force}: right. {', '.join(parts)}{end}"


def _many(number: int, word: str) -> str:
    plural = "kinds of case" if word == "kind of case" else f"{word}s"
    return f"{number} {word if number == 1 else plural}"


def _as_json(finding: Finding) -> dict[str, object]:
    where: Where = finding.where
    return {
        "file": where.file,
        "line": where.line,
        "column": where.column,
        "severity": str(finding.severity),
        "code": finding.code,
        "message": finding.text,
    }


def _unusable(why: object) -> typer.Exit:
    typer.echo(str(why), err=True)
    return typer.Exit(UNUSABLE)
