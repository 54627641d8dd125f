"""A photo to send."""

from __future__ import annotations

from io import BytesIO

from PIL import Image


def _drawn(size: int = 256) -> bytes:
    """A picture that no encoder makes small."""
    picture = Image.effect_noise((size, size), 80).convert("RGB")
    out = BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


PHOTO = _drawn()
