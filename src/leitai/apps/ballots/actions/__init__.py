"""Writing verdicts: points and tickets, casting, what was added in words, what became of them, imports."""

from .casting import BallotDraft, cast, cast_many
from .days import record_sealed_day
from .imports import BallotRecord, import_ballots, take_up
from .invitations import ServiceDraft, draw_invitations, note_sent, purge_contacts, upload_services
from .leads import decide_lead, keep_leads
from .origins import KEEP_ORIGINS, purge_origins
from .points import (
    PointDraft,
    add_points,
    put_points,
    rename_point,
    retire_point,
    retire_points,
    rotate_points,
)
from .strays import note_stray, note_strays
from .tickets import TicketAsk, issue_tickets
from .verification import (
    answer,
    appeal,
    decide,
    draw_caller,
    finish_call,
    object_to,
    pass_on,
    purge_notes,
    try_call,
)
from .words import ADD_WORDS, KEEP_WORDS, add_words, purge_words

__all__ = [
    "ADD_WORDS",
    "KEEP_ORIGINS",
    "KEEP_WORDS",
    "BallotDraft",
    "BallotRecord",
    "PointDraft",
    "ServiceDraft",
    "TicketAsk",
    "add_points",
    "add_words",
    "answer",
    "appeal",
    "cast",
    "cast_many",
    "decide",
    "decide_lead",
    "draw_caller",
    "draw_invitations",
    "finish_call",
    "import_ballots",
    "issue_tickets",
    "keep_leads",
    "note_sent",
    "note_stray",
    "note_strays",
    "object_to",
    "pass_on",
    "purge_contacts",
    "purge_notes",
    "purge_origins",
    "purge_words",
    "put_points",
    "record_sealed_day",
    "rename_point",
    "retire_point",
    "retire_points",
    "rotate_points",
    "take_up",
    "try_call",
    "upload_services",
]
