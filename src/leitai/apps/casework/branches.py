"""Answering many cases of one root at once, each by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leitai.apps.ledger.errors import Refused

from .actions import move_case
from .models import Case
from .running import rules_of


def answer_branches(
    *, root: Case, form: Mapping[str, str], unit: Any, by: str, now: datetime
) -> tuple[list[Case], list[str]]:
    """Answer each open case of a unit under a root by itself, each an act of its own.

    Returns the cases that were answered, and for the others "reference: why not".
    """
    done, refused = [], []
    for case in Case.objects.filter(root=root, closed_at__isnull=True, unit=unit).order_by("id"):
        flow = rules_of(case)[2]
        move = next(
            (one for one in flow.moves if one.milestone == "answered" and case.state in one.from_states), None
        )
        if move is None:
            continue
        try:
            done.append(move_case(case=case, move=move.key, role="unit", form=form, by=by, now=now))
        except Refused as fault:
            refused.append(f"{case.ref}: {fault}")
    return done, refused
