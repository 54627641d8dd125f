"""The proof that a verdict is in the public log, and a page on which anybody can check one without this house.

A house that could bend its log could bend its own checks too. So the proof is a file to be kept (RFC 9162, 2.1.3),
and the page that checks it can be saved and opened where there is no network: what it says does not come from here.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from leitai.apps.ledger import log
from leitai.rules.ballots import proofs as documents
from leitai.rules.ledger.merkle import inclusion_ranges

from .. import queries
from .door import plain, show

_SIZE = re.compile(r"[0-9]{1,15}")


class Step(NamedTuple):
    """A hash of the path: over the leaves `first` to `last`, to be put left or right of what was reckoned so far."""

    left: bool
    first: int
    last: int
    hash: str


@plain()
def proof(request: HttpRequest, receipt: str) -> HttpResponse:
    """The proof as a page, to be read, saved and checked by hand."""
    row = queries.by_receipt(receipt)
    if row is None:
        return show(request, "ballots/no_receipt.html", {"typed": receipt}, 404)
    found = queries.proof(row)
    context: dict[str, Any] = {"place": row.place, "ballot": row, "proof": found}
    if found is not None:
        ranges = inclusion_ranges(found.index, found.size)
        context |= {
            "leaf": found.leaf.decode(),
            "root": found.root.hex(),
            "steps": [
                Step(end <= found.index, start, end - 1, one.hex())
                for (start, end), one in zip(ranges, found.path, strict=True)
            ],
        }
    return show(request, "ballots/proof.html", context)


@plain()
def proof_file(request: HttpRequest, receipt: str) -> HttpResponse:
    """The proof as a file; `?size=` asks for it in the tree of so many leaves, as a head kept earlier has them."""
    row, asked = queries.by_receipt(receipt), request.GET.get("size", "")
    found = None
    if row is not None and (not asked or _SIZE.fullmatch(asked)):
        found = queries.proof(row, int(asked) if asked else None)
    if row is None or found is None:
        raise Http404(_("There is no such receipt, or it is not in a tree of this size."))
    text = json.dumps(found.to_json(), ensure_ascii=False, indent=1)
    name = f'attachment; filename="{row.receipt}.json"'
    return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": name})


@plain()
def check(request: HttpRequest) -> HttpResponse:
    """The page that checks a proof against a head, on the citizen's own machine."""
    context = {
        "formats": {"proof": documents.FORMAT, "road": documents.FORMAT_ROAD},
        "key": log.public_key(),
        "api": request.build_absolute_uri("/api/v1/"),
        "receipts": reverse("citizen:receipts"),
    }
    return show(request, "ballots/check.html", context)
