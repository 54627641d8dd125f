"""Rows of campaigns and of files of projects that the database must refuse."""

from __future__ import annotations

from typing import Any

from leitai.apps.campaigns.models import Proof
from leitai.apps.projects.models import ImportLine, ImportMap, ImportRun, Project
from tests.apps.bad import again, bad, changed
from tests.factories import BY, NOW, Town


def proof(town: Town, **more: Any) -> Proof:
    said: dict[str, Any] = {"campaign": "c", "goal": "g", "text": "t", "ref": "r", "by": BY, "at": NOW}
    return Proof.objects.create(place=town.place, **(said | more))


def layout(town: Town) -> ImportMap:
    return ImportMap.objects.create(place=town.place, fingerprint="f", name="N", kept_by=BY, kept_at=NOW)


def run(town: Town) -> ImportRun:
    return ImportRun.objects.create(
        place=town.place, name="N", digest="d", content=b"x", year=2024, as_of=NOW.date(), by=BY, at=NOW
    )


@bad(Proof, "proof_one_at_a_time")
def _(town: Town) -> Any:
    return again(proof(town))


@bad(Proof, "proof_says_what")
def _(town: Town) -> Any:
    return changed(proof(town), ref="")


@bad(Proof, "proof_two_parties")
def _(town: Town) -> Any:
    return changed(proof(town), state="accepted", answered_by=BY, answered_at=NOW)


@bad(Proof, "proof_answered_whole")
def _(town: Town) -> Any:
    return changed(proof(town), state="refused", answered_by="account:other", answered_at=NOW)


@bad(ImportMap, "import_map_once")
def _(town: Town) -> Any:
    return again(layout(town))


@bad(ImportMap, "import_map_is_named")
def _(town: Town) -> Any:
    return changed(layout(town), name="")


@bad(ImportRun, "import_run_once")
def _(town: Town) -> Any:
    return again(run(town))


@bad(ImportRun, "import_run_applied_whole")
def _(town: Town) -> Any:
    return changed(run(town), applied_by=BY)


@bad(ImportLine, "import_line_once")
def _(town: Town) -> Any:
    project = Project.objects.create(
        place=town.place, code="P-9", name="W", stage="talks", stage_since=NOW.date(), added_at=NOW
    )
    return again(
        ImportLine.objects.create(layout=layout(town), project=project, run=run(town), sheet="S", row=1)
    )
