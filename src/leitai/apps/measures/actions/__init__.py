"""Writing of measures: readings, their evidence and disputes, and the letters that targets come from."""

from .evidence import add_evidence, answer_dispute, dispute
from .letters import TermDraft, confirm_letter, draft_letter
from .readings import ReadingRecord, correct, import_readings, report, verify

__all__ = [
    "ReadingRecord",
    "TermDraft",
    "add_evidence",
    "answer_dispute",
    "confirm_letter",
    "correct",
    "dispute",
    "draft_letter",
    "import_readings",
    "report",
    "verify",
]
