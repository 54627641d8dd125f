"""A photo that somebody sent, made anew before it is kept: turned upright, small, nothing in it but the picture.

A phone writes into each photo where it was taken, when, and with which device. Whoever complains must not be found
by it, so what came is decoded and only its pixels are written again. Where a photo is evidence of work, when and
where it was taken are read first, by `taken`, and kept beside it. A decoder is also a door: the kinds are few, and
the size is asked before anything is unpacked, for a file of kilobytes can unfold to gigabytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageOps

from leitai.rules.kernel import N_, Finding

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000  # 8160 × 6120, the most that common phones give; some 200 MB unpacked
LONGEST = 1600
QUALITY = 80
KINDS = ("JPEG", "PNG", "WEBP")
_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_OFFSET = re.compile(r"[+-]\d\d:\d\d")


@dataclass(frozen=True)
class Taken:
    """When and where a camera says that it took a photo.

    at: as its clock showed; with an offset only where the camera knew it. Latitude and longitude: degrees of WGS 84,
    both or neither. None where it does not say.
    """

    at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def made_anew(data: bytes) -> bytes | Finding:
    """The picture as a JPEG of at most 1600 pixels a side, upright, without any of the data that came with it.

    Findings: `photo-too-big` (over 10 MiB, or over 50 million pixels), `photo-heic`, `photo-unreadable`.
    """
    if len(data) > MOST_BYTES:
        message = N_("The photo is larger than %(most)s MB. Send a smaller one, or none.")
        return Finding("photo-too-big", message, values={"most": MOST_BYTES >> 20})
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        message = N_(
            "A photo of the kind HEIC or AVIF cannot be read here. Send it as JPEG, or a screenshot of it."
        )
        return Finding("photo-heic", message)
    try:
        with Image.open(BytesIO(data), formats=KINDS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return _too_many_pixels()
            return _written(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _too_many_pixels()
    except Exception:  # noqa: BLE001  whatever a decoder stumbles over, the file is no picture
        return Finding(
            "photo-unreadable", N_("This file is no photo that can be read: JPEG, PNG and WebP can.")
        )


def taken(data: bytes) -> Taken:
    """When and where a photo says it was taken (Exif 2.32); what cannot be read is None. Never raises for any bytes."""
    try:
        with Image.open(BytesIO(data), formats=KINDS) as opened:
            exif = opened.getexif()
            more, spot = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    except Exception:  # noqa: BLE001  as above
        return Taken()
    at = _instant(
        more.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime),
        more.get(ExifTags.Base.OffsetTimeOriginal) or more.get(ExifTags.Base.OffsetTime),
    )
    latitude = _degrees(spot.get(ExifTags.GPS.GPSLatitude), spot.get(ExifTags.GPS.GPSLatitudeRef), 90)
    longitude = _degrees(spot.get(ExifTags.GPS.GPSLongitude), spot.get(ExifTags.GPS.GPSLongitudeRef), 180)
    if (
        latitude is None or longitude is None or (latitude, longitude) == (0, 0)
    ):  # a camera without a fix says 0, 0
        return Taken(at)
    return Taken(at, latitude, longitude)


def _instant(said: Any, offset: Any) -> datetime | None:
    """What "2024:04:10 10:00:00" and "+08:00" say."""
    try:
        at = datetime.strptime(str(said).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  the camera's own wall time
        offset = str(offset).strip("\0 ")
        found = at.replace(tzinfo=datetime.strptime(offset, "%z").tzinfo) if _OFFSET.fullmatch(offset) else at
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2200 else None


def _degrees(parts: Any, side: Any, most: int) -> float | None:
    """Degrees, minutes and seconds of an arc as degrees, negative in the south and the west."""
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    if not 0 <= found <= most:  # also what is no number
        return None
    return -found if str(side).strip("\0 ").upper() in ("S", "W") else found


def _too_many_pixels() -> Finding:
    message = N_("The photo has more than %(most)s million pixels. Send a smaller one, or none.")
    return Finding("photo-too-big", message, values={"most": MOST_PIXELS // 1_000_000})


def _written(opened: Image.Image) -> bytes:
    """The pixels of the first frame, upright, on white where they were transparent, as a JPEG."""
    opened.thumbnail((LONGEST, LONGEST))  # unpacks a JPEG at a fraction of its size where that is enough
    small = ImageOps.exif_transpose(opened)
    if small.has_transparency_data:
        small = small.convert("RGBA")
        paper = Image.new("RGBA", small.size, "white")
        small = Image.alpha_composite(paper, small)
    clean = Image.new("RGB", small.size)
    clean.paste(small.convert("RGB"))
    out = BytesIO()
    write = clean.save  # a picture's, not a row's: nothing is stored here
    write(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
