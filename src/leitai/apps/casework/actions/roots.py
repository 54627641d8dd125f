"""Many problems of one root: joined under a systemic matter, worked on once, and each still answered by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from leitai.apps.ledger.actions import action, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_

from ..models import Case
from ..rows import facts
from ..running import locked, step


@action("case.joined")
def join(*, root: Case, cases: Sequence[Case], by: str, now: datetime) -> Case:
    """Put cases under one that stands for their common root. Clocks and states stay each case's own.

    Raises Refused where the root is itself under another, is over, or a case has cases of its own below it.
    """
    if not cases:
        raise refuse("none-chosen", N_("No case was chosen."))
    # All in one order, so that two who join the same cases crosswise do not wait for each other for ever.
    rows = {pk: locked(one) for pk, one in sorted({one.pk: one for one in (root, *cases)}.items())}
    root = rows[root.pk]
    if root.root_id is not None:
        raise refuse("root-below", N_("This case stands under another one itself: choose that one."))
    if root.closed_at is not None:
        raise refuse("case-over", N_("This case is over."))
    for one in cases:
        case = rows[one.pk]
        if case.pk == root.pk or case.place_id != root.place_id or case.branches.exists():
            raise refuse(
                "cannot-join", N_("%(ref)s cannot stand under %(root)s."), ref=case.ref, root=root.ref
            )
        case.root = root
        case.save(update_fields=["root"])
        step(case, "join", role="office", by=by, at=now, form={"note": str(root.ref)})
        record(
            place=case.place,
            kind="case.joined",
            by=by,
            now=now,
            subject=f"case:{case.ref}",
            data=facts(case) | {"root": root.ref},
        )
    return root


@action("case.left")
def leave(*, case: Case, by: str, now: datetime) -> Case:
    """Take a case out from under its root."""
    case = locked(case)
    if case.root_id is None:
        raise refuse("no-root", N_("This case stands under no other."))
    case.root = None
    case.save(update_fields=["root"])
    step(case, "leave", role="office", by=by, at=now)
    record(place=case.place, kind="case.left", by=by, now=now, subject=f"case:{case.ref}", data=facts(case))
    return case
