"""`leitai score`: an index from a spec file and a CSV file, without a server, a database or a rule-book.

Everything it is made of is read when the command runs, and Django not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leitai import __version__

from .together import write_together

if TYPE_CHECKING:
    from leitai.rules.kernel import Finding
    from leitai.rules.scoring import pipeline

UNUSABLE = 2


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("score")(score)


def score(
    spec: Annotated[Path, typer.Option(help="The spec: measures, tree, weights, in YAML.")],
    data: Annotated[Path, typer.Option(help="The data: CSV with one line for each unit.")],
    out: Annotated[Path, typer.Option(help="The folder to write to; it is made where it is not there.")],
    draws: Annotated[int, typer.Option(min=100, help="How often what is uncertain is drawn.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same draws.")] = 1,
    sobol: Annotated[
        int,
        typer.Option(
            min=0,
            help="Base sample of the sensitivity indices, up to a power of two, each of (factors + 2) tables; 0: none.",
        ),
    ] = 1_024,
) -> None:
    """Score and rank units by an index, with every stage, the reason for each distance, and how sure it is."""
    from leitai.rules.scoring import pipeline

    spec_text, data_text = _text(spec), _text(data)
    parsed = pipeline.read_spec(spec_text, str(spec))
    if parsed.spec is None:
        raise _unusable(parsed.findings)
    found, findings = pipeline.read_data(data_text, parsed.spec, str(data), parsed.positions)
    if found is None:
        raise _unusable(findings)
    try:
        result = pipeline.compute(parsed.spec, found, parsed.positions)
        files = pipeline.files(result)
        drawn = None
        if parsed.spec.noise is not None:
            uncertain = pipeline.Uncertain(result, parsed.tree, parsed.positions)
            more, base = _drawn(uncertain, draws, seed, sobol)
            files |= more
            drawn = {"draws": draws, "seed": seed, "level": parsed.spec.noise.level, "sobol": base}
    except pipeline.ScoreError as error:
        raise _unusable(error.findings) from None
    digests = {"spec_sha256": _digest(spec), "data_sha256": _digest(data)}
    files["report.json"] = pipeline.report(result, version=__version__, digests=digests, drawn=drawn)
    _write(out, files)
    ranked = sum(len(inside) for _, inside in result.ranked)
    typer.echo(f"{ranked} of {len(found.ids)} units ranked; written to {out}")


def _drawn(uncertain: pipeline.Uncertain, draws: int, seed: int, sobol: int) -> tuple[dict[str, str], int]:
    """The files of what was drawn and the base sample, with a bar on the terminal's other stream."""
    import numpy as np
    from rich.console import Console
    from rich.progress import Progress

    from leitai.rules.scoring import pipeline

    def chances(purpose: str, block: int) -> pipeline.Chance:
        return np.random.default_rng([seed, *purpose.encode(), block])

    with Progress(console=Console(stderr=True), transient=True) as bars:

        def bar(words: str, total: int) -> Callable[[int], None]:
            task = bars.add_task(words, total=total)
            return lambda done: bars.update(task, completed=done)

        sure = pipeline.sureness(uncertain, chances, draws, bar("drawing", draws))
        found = None
        if sobol and uncertain.factors:
            found = pipeline.indices(uncertain, chances, sobol, bar("sensitivity", sobol))
    return pipeline.sure_files(uncertain, sure, found), found.base if found else 0


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        typer.echo(f"{path} cannot be read: {error.strerror}.", err=True)
    except UnicodeDecodeError as error:
        typer.echo(f"{path} is not UTF-8 text (byte {error.start + 1}); save it as UTF-8.", err=True)
    raise typer.Exit(UNUSABLE)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write(out: Path, files: dict[str, str]) -> None:
    try:
        write_together(out, files)
    except OSError as error:
        typer.echo(
            f"{error.filename or out} cannot be written: {error.strerror}; nothing was. Choose another --out.",
            err=True,
        )
        raise typer.Exit(UNUSABLE) from None


def _unusable(findings: tuple[Finding, ...]) -> typer.Exit:
    for finding in findings:
        typer.echo(str(finding), err=True)
    return typer.Exit(UNUSABLE)
