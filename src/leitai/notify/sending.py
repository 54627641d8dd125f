"""What everything that sends shares: the fault of a message that did not go out, and of a setting."""

from __future__ import annotations


class NotSent(Exception):
    """The message did not go out. `why` is a msgid and holds no address; `detail` is what the other side said."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else why)
        self.why, self.detail = why, detail


class SettingError(ValueError):
    """A setting says something that is no way to send messages."""
