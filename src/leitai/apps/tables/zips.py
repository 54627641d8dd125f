"""Files as one zip, and back: the same files are always the same bytes, and a stranger's zip cannot fill the memory.

Nothing here needs a database: `leitai table recompute` reads a pack on a machine that has none.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

MOST = 512 * 1024 * 1024  # bytes of all files together: a table of 3,200 units is some megabytes
_THEN = (1980, 1, 1, 0, 0, 0)  # the first instant that a zip can name; a pack's own times are in its manifest


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files, in their order, without times or owners."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _THEN)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    """The files of a zip by name. Raises ValueError where it is none, is broken, or unpacks to more than `MOST`."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(one.file_size for one in entries) > MOST:
                raise ValueError(f"it unpacks to more than {MOST >> 20} MB")
            if len({one.filename for one in entries}) < len(entries):
                raise ValueError("it has two files of one name")
            return {one.filename: archive.read(one) for one in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as fault:
        raise ValueError(str(fault) or "it is broken") from None
