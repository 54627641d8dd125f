"""A citizen's photo, made anew before it is kept: turned upright, small, and with nothing in it but the picture.

A phone writes into each photo where it was taken, when, and with which device; whoever complains must not be
found by it. So what came is decoded and only its pixels are written again. A decoder is also a door: the kinds
are few, and the size is asked before anything is unpacked, for a file of kilobytes can unfold to gigabytes.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

from leitai.rules.kernel import N_, Finding

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000  # 8160 × 6120, the most that common phones give; some 200 MB unpacked
LONGEST = 1600
QUALITY = 80
KINDS = ("JPEG", "PNG", "WEBP")
_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


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
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
