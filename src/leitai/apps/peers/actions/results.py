"""Writing the result of a scoring: inputs and outcome, frozen together under one digest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import action, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.rules.ledger import canonical
from leitai.rules.scoring.judges import sheets_needed

from ..models import Result, Scorer, Scoring
from ..queries.results import digest_of, gathered, worked_out
from ..queries.terms import terms_of


@action("peers.worked_out")
def work_out(*, occasion: Any, by: str, now: datetime) -> Result:
    """Work out what the sheets handed in come to; sheets that were not do not count. Once, and for good."""
    if not Scoring.objects.filter(occasion=occasion).exists():
        raise refuse("not-open", N_("The scoring was not opened."))
    if Result.objects.filter(occasion=occasion).exists():
        raise refuse("result-made-already", N_("The result was worked out already."))
    # No mark comes in between: marks and sheets wait for their scorer's row.
    scorers = list(Scorer.objects.select_for_update().filter(occasion=occasion))
    handed = sum(one.handed_in_at is not None for one in scorers)
    needed = sheets_needed(len(scorers), terms_of(occasion).least)
    if handed < needed:
        raise refuse(
            "too-few-sheets",
            N_("%(handed)s of %(asked)s sheets are handed in; a result needs %(needed)s."),
            handed=handed,
            asked=len(scorers),
            needed=needed,
        )
    inputs = gathered(occasion)
    outcome = worked_out(inputs)
    if "too-few" in outcome["notes"]:
        raise refuse(
            "too-few-marks",
            N_("There are too few marks to say how sure a result would be; wait for more sheets."),
        )
    frozen, found = canonical(inputs).decode(), canonical(outcome).decode()
    row = Result.objects.create(
        occasion=occasion,
        made_at=now,
        made_by=by,
        inputs=frozen,
        outcome=found,
        digest=digest_of(frozen, found),
    )
    record(
        place=occasion.place,
        kind="peers.worked_out",
        by=by,
        now=now,
        subject=f"occasion:{occasion.pk}",
        data={
            "occasion.key": occasion.key,
            "sheets": handed,
            "needed": needed,
            "scorers": len(scorers),
            "digest": row.digest,
        },
    )
    return row
