"""Files that are written together or not at all: a full disk or a locked folder leaves none half written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PART = ".part"


def write_together(out: Path, texts: Mapping[str, str]) -> None:
    """Write texts by name below a folder, which is made where it is not there. Raises OSError, and nothing is there."""
    parts: list[Path] = []
    try:
        for name, text in texts.items():
            path = out / name
            if path.is_dir():
                raise IsADirectoryError(21, "Is a directory", str(path))
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(path.name + PART)
            parts.append(part)
            part.write_bytes(text.encode())
        for part in parts:
            part.replace(part.with_name(part.name.removesuffix(PART)))
    except OSError:
        for part in parts:
            part.unlink(missing_ok=True)
        raise
