"""Reading a map's file."""

from __future__ import annotations

from pathlib import Path

from leitai.rules.kernel import N_
from leitai.rules.records import ParsedMap, parse_map

from .faults import FileFault, fault


def read_map(path: Path | str) -> ParsedMap:
    """The map in a file. Raises FileFault with everything that is wrong with it, by line and column."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise fault("not-text", N_("the map is not UTF-8 text"), path) from None
    except OSError as error:
        raise fault("unreadable", N_("the map cannot be read: %(why)s"), path, why=error.strerror) from None
    parsed = parse_map(text, file=str(path))
    if parsed.map is None:
        raise FileFault(parsed.findings)
    return parsed
