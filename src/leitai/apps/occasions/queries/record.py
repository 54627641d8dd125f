"""What the record of meetings says of a unit over some time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..models import Commitment


def missed_between(unit: Any, start: datetime, end: datetime) -> int:
    """Commitments of a unit that were tested in [start, end) and found not to be kept."""
    return Commitment.objects.filter(
        unit=unit, verdict="missed", tested_at__gte=start, tested_at__lt=end
    ).count()
