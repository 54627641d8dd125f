"""CSV as it comes: plain or gzip; UTF-8 with or without its mark, UTF-16, or what Chinese Excel writes.

The file is read through once before its first row is used: a wrong encoding, a file that is no text and a
gzip that breaks off are told before anything is taken. The pass costs a small part of what the import does.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO

from leitai.rules.kernel import N_

from .faults import FileFault, fault

CHUNK = 1 << 20
DELIMITERS = (",", ";", "\t")
# UTF-16 is known by its mark; else these are tried in turn. Chinese Excel saves CSV in GBK, part of GB18030.
MARKED, TRIED = "utf-16", ("utf-8", "gb18030")


class TextTable:
    """A CSV file; see `tables.Table`. `done` and `total` are bytes of the file as it lies on the disk."""

    def __init__(self, path: Path, *, packed: bool, digest: bool) -> None:
        self.path, self._packed = path, packed
        self.total = path.stat().st_size
        self.digest = ""
        self._encoding = self._look_through(digest)
        self._raw: IO[bytes] | None = None
        self._last, self._ended = "", False
        lines = self._lines()
        first = next(lines, "")
        delimiter = max(DELIMITERS, key=first.count)
        self._reader = csv.reader(self._remembered(first, lines), delimiter=delimiter)
        try:
            self.columns = tuple(name.strip() for name in next(self._reader, ()))
        except csv.Error as error:
            raise self._broken(1, error) from None
        if not any(self.columns):
            raise fault("no-columns", N_("the first line names no columns"), path, 1)

    @property
    def done(self) -> int:
        """Bytes read so far."""
        return self.total if self._raw is None or self._raw.closed else self._raw.tell()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with the line it begins in; empty ones are skipped. Raises FileFault where it breaks."""
        reader, width = self._reader, len(self.columns)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise self._broken(line, error) from None
            if cells is None:
                return
            if not any(map(str.strip, cells)):
                continue
            # A row that the end of the file completed has an open quote; a short last row has no end of line.
            if self._ended or (len(cells) < width and not self._last.endswith(("\n", "\r"))):
                message = N_(
                    "the file is cut off in the row that begins here; get it whole and import it again"
                )
                raise fault("cut", message, self.path, line)
            yield line, cells

    def _remembered(self, first: str, lines: Iterator[str]) -> Iterator[str]:
        yield first
        for line in lines:
            self._last = line
            yield line
        self._ended = True

    def _lines(self) -> Iterator[str]:
        with self.path.open("rb") as self._raw, self._unpacked(self._raw) as content:
            yield from io.TextIOWrapper(content, encoding=self._encoding, newline="")

    def _unpacked(self, raw: IO[bytes]) -> IO[bytes]:
        return gzip.GzipFile(fileobj=raw) if self._packed else raw  # type: ignore[return-value]

    def _bytes(self) -> Iterator[bytes]:
        with self.path.open("rb") as raw, self._unpacked(raw) as content:
            while True:
                try:
                    chunk = content.read(CHUNK)
                except EOFError:
                    message = N_("the gzip file is cut off in the middle; get it whole and import it again")
                    raise fault("cut", message, self.path) from None
                except (OSError, zlib.error):
                    raise fault("damaged", N_("the gzip file is damaged"), self.path) from None
                if not chunk:
                    return
                yield chunk

    def _look_through(self, digest: bool) -> str:
        """The encoding; notes the digest of the content. Raises FileFault where this is no text."""
        start = next(self._bytes(), b"")
        if not start.strip():
            raise fault("empty-file", N_("the file is empty"), self.path)
        marked = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        hashed = sha256()
        for encoding in (MARKED,) if marked else TRIED:
            decoder, fits = codecs.getincrementaldecoder(encoding)(), True
            for chunk in self._bytes():
                if not marked and b"\0" in chunk:
                    raise fault("binary", N_("this is neither CSV, Excel nor Parquet"), self.path)
                if digest and encoding in (MARKED, TRIED[0]):
                    hashed.update(chunk)
                fits = fits and _reads(decoder, chunk)
            if fits and _reads(decoder, b"", final=True):
                self.digest = hashed.hexdigest()
                return "utf-8-sig" if encoding == "utf-8" else encoding
        message = N_("the text is neither UTF-8 nor GB18030; save it as CSV UTF-8")
        raise fault("encoding", message, self.path)

    def _broken(self, line: int, error: csv.Error) -> FileFault:
        message = N_(
            "the row that begins here cannot be read (%(why)s): perhaps a quote is opened and never closed"
        )
        return fault("broken-csv", message, self.path, line, why=error)


def _reads(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    """Whether the decoder can read on."""
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True
