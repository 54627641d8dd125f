"""`leitai log`: the log of verdicts. Signed heads, the proof of a receipt, and whether rows, log and heads agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from .django import fail, is_quiet, place_of, setup

app = typer.Typer(no_args_is_help=True)

Place = Annotated[str, typer.Option(help="key of the place")]
Heads = Annotated[
    list[Path] | None, typer.Option("--head", help="file of a signed head that was kept; may be repeated")
]


@app.command()
def head(
    place: Place,
    publish: Annotated[bool, typer.Option(help="sign one now instead of waiting for the beat")] = False,
) -> None:
    """Print the newest signed head: keep it elsewhere, and nobody can rewrite what lies before it."""
    setup()
    from django.utils import timezone

    from leitai.apps.ledger import log

    row = place_of(place)
    if publish:
        log.publish(row, now=row.now(timezone.now()))
    found = log.checkpoints(row, 1)
    if not found:
        raise fail(
            f"{place}: no head was signed yet; the worker signs one every ten minutes, `--publish` does now"
        )
    typer.echo(found[0].note, nl=False)


@app.command()
def key() -> None:
    """Print the key that signed heads are checked with."""
    setup()
    from leitai.apps.ledger import log

    typer.echo(log.public_key())


@app.command()
def prove(
    receipt: Annotated[str, typer.Argument(help="the receipt, as the citizen has it")],
    size: Annotated[
        int | None, typer.Option(help="in the tree of so many leaves, as a kept head has it")
    ] = None,
) -> None:
    """Print the proof that a receipt's verdict is in the log, as JSON."""
    setup()
    from leitai.apps.ballots import queries

    ballot = queries.by_receipt(receipt)
    if ballot is None:
        raise fail(f"{receipt}: there is no such receipt here")
    found = queries.proof(ballot, size)
    if found is None:
        raise fail(f"{receipt}: its verdict is not in the tree of {size} leaves")
    typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1))


@app.command()
def extends(
    place: Place,
    first: Annotated[int, typer.Option(help="leaves of the earlier tree")],
    second: Annotated[int, typer.Option(help="leaves of the later tree")],
) -> None:
    """Print the proof that one tree begins with another, as JSON."""
    setup()
    from leitai.apps.ballots import queries

    try:
        found = queries.log_road(place_of(place), first, second)
    except IndexError as fault:
        raise fail(str(fault)) from None
    typer.echo(json.dumps(found.to_json(), indent=1))


@app.command()
def verify(
    place: Annotated[str, typer.Option(help="key of the place, to check its whole database")] = "",
    proof: Annotated[Path | None, typer.Option(help="file of a receipt's proof, to check it offline")] = None,
    heads: Heads = None,
    road: Annotated[
        Path | None,
        typer.Option(help="file of the proof that one tree begins with the other (`log extends`)"),
    ] = None,
    receipt: Annotated[str, typer.Option(help="the receipt that the proof must be of")] = "",
    public_key: Annotated[
        str, typer.Option("--key", help="the key the heads must be signed with (`log key`)")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Check a receipt's proof against heads that were kept, offline; or every verdict of a place. Exit 1 if not whole.

    With --place, every row is hashed anew and held against the log, the ledger's events, the heads that were given
    out and those named by --head.
    """
    if bool(place) == bool(proof):
        raise fail("say what to check: --place for a database, or --proof for one receipt")
    setup()
    notes = [_note(path, public_key) for path in heads or []]
    if proof is not None:
        findings = _offline(proof, notes, road, receipt, public_key)
        said = f"{proof.name}: " + (
            f"holds, against {len(notes)} kept heads"
            if notes
            else "holds by itself; --head tells whether it is of the log"
        )
    else:
        compared, findings = _database(place, notes)
        said = f"{place}: {compared} leaves and heads compared, all agree"
    if as_json:
        told = [{"code": one.code, "text": one.text} for one in findings]
        typer.echo(json.dumps({"whole": not findings, "findings": told}, ensure_ascii=False))
    else:
        for one in findings:
            typer.echo(str(one))
        if not findings:
            typer.echo(said)
    if findings:
        raise typer.Exit(1)


def _note(path: Path, public_key: str) -> Any:
    """A head from its file; ends the command where it is none, or not signed by the key."""
    from leitai.apps.ledger import log
    from leitai.rules.kernel import Finding
    from leitai.rules.ledger import read_note

    read = read_note(_text(path))
    if isinstance(read, Finding):
        raise fail(f"{path}: {read.text}")
    note, signatures = read
    if public_key and not log.signature_holds(note, signatures, public_key):
        raise fail(f"{path}: not signed with this key")
    return note


def _offline(path: Path, notes: list[Any], road: Path | None, receipt: str, public_key: str) -> list[Any]:
    from leitai.apps.ledger import log
    from leitai.rules import ballots
    from leitai.rules.kernel import N_, Finding
    from leitai.rules.ledger import read_note

    proof = ballots.read_proof(_document(path))
    between = ballots.read_road(_document(road)) if road is not None else None
    for one in (proof, between):
        if isinstance(one, Finding):
            raise fail(f"{path if one is proof else road}: {one.text}")
    found = list(ballots.check_receipt(proof, receipt=receipt))
    inside = read_note(proof.note) if proof.note else None
    if public_key and isinstance(inside, tuple) and not log.signature_holds(*inside, public_key):
        found.append(Finding("note-unsigned", N_("the head inside the proof is not signed with this key")))
    for note in notes:
        found += [one for one in ballots.check_receipt(proof, head=note, road=between) if one not in found]
    return found


def _database(place: str, notes: list[Any]) -> tuple[int, list[Any]]:
    from rich.progress import Progress

    from leitai.apps.ballots import queries
    from leitai.apps.ledger import log

    row = place_of(place)
    tree = log.of(row)
    compared, found = 0, []
    with Progress(disable=is_quiet(), transient=True) as progress:
        task = progress.add_task("hashing", total=tree.size if tree is not None else 0)
        for one in queries.check(row, [(note.size, note.root.hex()) for note in notes]):
            compared += 1
            progress.advance(task)
            if one is not None:
                found.append(one)
    return compared, found


def _document(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(_text(path))
    except ValueError as fault:
        raise fail(f"{path}: not JSON: {fault}") from None
    if not isinstance(found, dict):
        raise fail(f"{path}: not the proof of a receipt")
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise fail(f"{path}: {fault}") from None
